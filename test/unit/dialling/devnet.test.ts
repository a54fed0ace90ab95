import { expect, it } from 'vitest'
import { isDevnet } from '../../../shared/dialling/devnet.ts'

const info = (specName: string, chainType?: string) => ({
  ...{ specName, specVersion: 1, genesisHash: '0x', marker: '0x' },
  chainType,
})
const HERE = ['ws://127.0.0.1:9944']

it.each([
  ['the devnet', info('starling', 'Development'), HERE, true],
  ['a local chain by name', info('starling', 'Local'), ['ws://localhost:9944', 'ws://[::1]:9945'], true],
  ['a main network’s node here', info('node-subtensor', 'Live'), HERE, false],
  ['Subtensor that calls itself a development chain', info('node-subtensor', 'Development'), HERE, false],
  ['a live chain of this runtime here', info('starling', 'Live'), HERE, false],
  ['a type that nobody knows', info('starling', 'Custom'), HERE, false],
  ['a node that does not say', info('starling'), HERE, false],
  ['a node elsewhere', info('starling', 'Development'), ['wss://node.example:443'], false],
  ['one node here and one elsewhere', info('starling', 'Local'), [...HERE, 'ws://10.0.0.7:9944'], false],
  [
    'a name that only begins like this machine',
    info('starling', 'Local'),
    ['ws://127.0.0.1.evil.example'],
    false,
  ],
  ['what is no address', info('starling', 'Local'), ['localhost'], false],
  ['no endpoint', info('starling', 'Local'), [], false],
])('%s', (_what, chain, endpoints, expected) => {
  expect(isDevnet(chain, endpoints)).toBe(expected)
})
