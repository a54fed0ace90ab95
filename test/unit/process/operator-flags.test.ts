import { Command } from 'commander'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { addOperatorFlags, chainOptions, type OperatorFlags } from '../../../shared/process/operator-flags.ts'

const FINNEY = '0x2f0555cc76fc2840a25a6ea3b9637146806f1f44b090c175ffde2a7e5ab36c03'
const OTHER = `0x${'11'.repeat(32)}`

function chosen(...args: string[]) {
  const command = addOperatorFlags(new Command().exitOverride().configureOutput({ writeErr: () => {} }))
  command.action(() => {})
  return chainOptions(command.parse(['node', 'program', ...args]).opts<OperatorFlags>())
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('the chain that an operator names', () => {
  it('is the local one, whichever genesis it has, unless it says otherwise', () => {
    expect(chosen()).toEqual({ endpoint: ['ws://127.0.0.1:9944'], expected: { genesisHash: undefined } })
  })

  it.each(['finney', 'archive'])('%s has several or one address, and Bittensor’s genesis', (network) => {
    const { endpoint, expected } = chosen('--subtensor.network', network)
    for (const url of endpoint) expect(url).toMatch(/^wss:\/\/.+:443$/)
    expect(expected).toEqual({ genesisHash: FINNEY })
  })

  it('takes addresses one by one and with commas, in order', () => {
    const flag = '--subtensor.chain_endpoint'
    const { endpoint } = chosen(flag, 'ws://a:1', flag, 'wss://b:2, ws://c:3')
    expect(endpoint).toEqual(['ws://a:1', 'wss://b:2', 'ws://c:3'])
  })

  it('asks endpoints given by hand for the network’s genesis, unless another is given', () => {
    const own = ['--subtensor.network', 'finney', '--subtensor.chain_endpoint', 'ws://own:9944']
    expect(chosen(...own)).toEqual({ endpoint: ['ws://own:9944'], expected: { genesisHash: FINNEY } })
    expect(chosen(...own, '--subtensor.genesis_hash', OTHER).expected).toEqual({ genesisHash: OTHER })
  })

  it('reads the variables of Bittensor’s SDK, which flags override', () => {
    vi.stubEnv('BT_SUBTENSOR_CHAIN_ENDPOINT', 'ws://env:1,ws://env:2')
    expect(chosen().endpoint).toEqual(['ws://env:1', 'ws://env:2'])
    expect(chosen('--subtensor.chain_endpoint', 'ws://flag:1').endpoint).toEqual(['ws://flag:1'])
  })

  it('may be named by the address of a node alone, as in Bittensor’s SDK', () => {
    expect(chosen('--subtensor.network', 'ws://own:1')).toEqual({
      endpoint: ['ws://own:1'],
      expected: { genesisHash: undefined },
    })
  })

  it('refuses an unknown network, and an address that is none', () => {
    expect(() => chosen('--subtensor.network', 'mars')).toThrow(/mars is not known; give one of local, test/)
    expect(() => chosen('--subtensor.network', 'toString')).toThrow(/is not known/)
    expect(() => chosen('--subtensor.chain_endpoint', 'ws://a:1,localhost:2')).toThrow(/'localhost:2'/)
    expect(chosen('--subtensor.network', 'mars', '--subtensor.chain_endpoint', 'ws://m:1').endpoint).toEqual([
      'ws://m:1',
    ])
  })
})
