import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSubnet } from '../../../scripts/demo/subnet.ts'
import { type Devnet, startDevnet } from '../../../shared/chain/devnet/devnet.ts'
import { connectChain } from '../../../shared/chain/substrate-client.ts'
import { createHotkey } from '../../../shared/chain/wallet/create-hotkey.ts'
import { resolveWallet } from '../../../shared/chain/wallet/wallet-path.ts'
import { lockState } from '../../../shared/process/lock-folder.ts'
import { runToEnd } from '../devnet/devnet-process.ts'

let folder: string
let devnet: Devnet
let taken: Server
let unlock: () => Promise<void>

/** A wallet whose hotkey file holds these bytes. */
async function walletWith(name: string, contents: string | Buffer): Promise<void> {
  const options = { path: join(folder, 'wallets'), name, hotkey: 'default' }
  await createHotkey(options)
  writeFileSync(resolveWallet(options).hotkeyFile, contents)
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-cli-'))
  devnet = await startDevnet({ port: 0, dataDir: join(folder, 'chain'), blockMs: 200 })
  const chain = await connectChain({ endpoint: devnet.url })
  const scenario = {
    miners: [{ name: 'member', behaviour: 'honest', declares: 'nano', runs: 'nano' }],
    validators: [],
    ...{ blockMs: 200, tempo: 10, round: {}, paidEpochs: 0 },
  } as const
  await createSubnet(chain, scenario, join(folder, 'wallets'), 1, () => {})
  await chain.close()
  await createHotkey({ path: join(folder, 'wallets'), name: 'stranger', hotkey: 'default' })
  await walletWith('sealed', Buffer.concat([Buffer.from('$NACL'), Buffer.alloc(200, 7)]))
  await walletWith('torn', '{"secretPhrase": "bottom drive')
  cpSync('models/nano', join(folder, 'damaged'), { recursive: true })
  writeFileSync(join(folder, 'damaged', 'weights.f16.bin'), Buffer.alloc(1000))
  unlock = await lockState(join(folder, 'held'))
  taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
})
afterAll(async () => {
  await unlock()
  taken.close()
  await devnet.close()
  rmSync(folder, { recursive: true, force: true })
})

const operator = (wallet: string) => [
  ...['--subtensor.chain_endpoint', devnet.url, '--wallet.path', join(folder, 'wallets')],
  ...['--wallet.name', wallet, '--logging.level', 'silent'],
]
const miner = (wallet: string, ...args: string[]) => [
  'miner/main.ts',
  '--model',
  'models/nano',
  ...operator(wallet),
  ...args,
]
const validator = (wallet: string, ...args: string[]) => {
  return ['validator/main.ts', '--state', join(folder, 'state', wallet), ...operator(wallet), ...args]
}
const takenPort = () => String((taken.address() as { port: number }).port)
const deadEnd = 'ws://127.0.0.1:9'
const elsewhere = `0x${'11'.repeat(32)}`

describe('bad input ends a program with one clear line', { timeout: 240_000 }, () => {
  it.each<[string, RegExp, number, () => string[]]>([
    [
      'an unknown flag',
      /USAGE: unknown option '--axon.prt'.*--help/,
      2,
      () => miner('member', '--axon.prt', '1'),
    ],
    [
      'a port that is no number',
      /USAGE: .*is not a whole number/,
      2,
      () => miner('member', '--axon.port', 'many'),
    ],
    [
      'an unknown network',
      /USAGE: .*mars is not known/,
      2,
      () => [
        'miner/main.ts',
        '--subtensor.network',
        'mars',
        '--wallet.path',
        join(folder, 'wallets'),
        '--wallet.name',
        'member',
      ],
    ],
    ['a taken port', /AXON_PORT_TAKEN: .*; .+/, 1, () => miner('member', '--axon.port', takenPort())],
    ['a wallet that is not there', /WALLET_NOT_FOUND: .*nobody.*; .+/, 1, () => miner('nobody')],
    ['an encrypted wallet', /WALLET_ENCRYPTED: .*sealed.*; .+/, 1, () => validator('sealed')],
    ['a torn wallet', /WALLET_INVALID: .*torn/, 1, () => miner('torn')],
    [
      'a chain that is not there',
      /CHAIN_UNREACHABLE: /,
      1,
      () => miner('member').map((arg) => (arg === devnet.url ? deadEnd : arg)),
    ],
    [
      'two chains that are not there',
      /CHAIN_UNREACHABLE: .*127.0.0.1:9: .*127.0.0.1:10: .*; .+/,
      1,
      () => miner('member').map((arg) => (arg === devnet.url ? `${deadEnd},ws://127.0.0.1:10` : arg)),
    ],
    [
      'an address of a chain that is none',
      /USAGE: .*'localhost' is not a ws:.*; .+/,
      2,
      () => miner('member', '--subtensor.chain_endpoint', 'localhost'),
    ],
    [
      'another chain',
      /CHAIN_WRONG: .*; .+/,
      1,
      () => validator('member', '--subtensor.genesis_hash', elsewhere),
    ],
    [
      'a round that nobody sent a receipt of',
      /RECEIPT_MISSING: .*no receipt; .+/,
      1,
      () => ['miner/main.ts', 'explain', '--no-chain', '--state', join(folder, 'state', 'none')],
    ],
    [
      'too many planted answers',
      /PLANT_RATE: .*0\.2; .+/,
      1,
      () => miner('member', '--plant.rate', '0.5', '--plant.secret', join(folder, 'secret')),
    ],
    ['an unregistered hotkey', /NOT_REGISTERED: .*; .+/, 1, () => miner('stranger', '--axon.port', '0')],
    ['a subnet that does not exist', /CHAIN_SUBNET_UNKNOWN: /, 1, () => miner('member', '--netuid', '77')],
    [
      'a model that is not there',
      /MODEL_MISSING: .*; .+/,
      1,
      () => miner('member', '--model', join(folder, 'none')),
    ],
    [
      'a damaged model',
      /MODEL_DAMAGED: .*; .+/,
      1,
      () => miner('member', '--model', join(folder, 'damaged')),
    ],
    [
      'no models to verify with',
      /MODEL_MISSING: .*; .+/,
      1,
      () => validator('member', '--models', join(folder, 'none')),
    ],
    [
      'a state folder that a validator has',
      /STATE_LOCKED: .*held is in use by process \d+; .+/,
      1,
      () => validator('member', '--state', join(folder, 'held')),
    ],
    [
      'a state folder that a miner has',
      /STATE_LOCKED: .*held is in use by process \d+; .+/,
      1,
      () => miner('member', '--state', join(folder, 'held')),
    ],
    [
      'an unknown number in the configuration',
      /CONFIG_INVALID: .*goldShare/,
      1,
      () => {
        writeFileSync(join(folder, 'config.json'), '{"round":{"goldShare":2}}')
        return validator('member', '--config', join(folder, 'config.json'))
      },
    ],
  ])('%s', async (_name, line, expectedCode, args) => {
    const { code, out, err } = await runToEnd(['--import', 'tsx', ...args()])
    const lines = err.trim().split('\n')
    expect(lines, err).toHaveLength(1)
    expect(lines[0]).toMatch(/^error [A-Z_]+: /)
    expect(lines[0]).toMatch(line)
    expect(code).toBe(expectedCode)
    expect(out).toBe('')
  })
})
