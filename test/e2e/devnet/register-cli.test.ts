import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectChain } from '../../../shared/chain/substrate-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { type DevnetProcess, runToEnd, spawnDevnet, stop } from './devnet-process.ts'

const hotkey = signerFromUri('//newcomer').address
let folder: string
let devnet: DevnetProcess

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-register-'))
  const file = join(folder, 'hyperparameters.json')
  // No epoch comes, so that no dividend adds to the stakes.
  await writeFile(file, '{"burn":1500000000,"tempo":60000}')
  const genesis = ['--preset', 'subnet-2', '--hyperparameters', file]
  devnet = await spawnDevnet([
    '--data',
    join(folder, 'chain'),
    '--port',
    '0',
    '--block-ms',
    '200',
    ...genesis,
  ])
}, 240_000)
afterAll(async () => {
  if (devnet !== undefined) await stop(devnet, 'SIGKILL')
  await rm(folder, { recursive: true })
})

const program = (script: string, ...args: string[]) => {
  const chain = ['--subtensor.chain_endpoint', devnet.ready.url, '--hotkey', hotkey, '--wallet.path', folder]
  // On a busy machine a command tells its steps, too.
  const quiet = ['--logging.level', 'silent']
  return runToEnd(['--import', 'tsx', `scripts/${script}.ts`, ...args, ...chain, ...quiet])
}

describe('the commands for a coldkey', { timeout: 240_000 }, () => {
  it('print price, cap and the very call, and send nothing, without a development key', async () => {
    const { code, out, err } = await program('register', '--max-price', '2')
    expect(code, err).toBe(0)
    expect(out).toContain('price 1.5 TAO now, at most 2\n')
    // Pallet 7, call 134, netuid 1, the hotkey, 2 TAO in rao: as SCALE has it.
    const key = Buffer.from(signerFromUri('//newcomer').publicKey).toString('hex')
    expect(out).toContain(`call subtensorModule.registerLimit 0x07860100${key}0094357700000000\n`)
    const { out: json } = await program('register', '--max-price', '1', '--json')
    expect(JSON.parse(json)).toMatchObject({ kind: 'unsigned', price: '1500000000', maxPrice: '1000000000' })
    expect(await uidOnChain()).toBeUndefined()
  })

  it('register within the cap only, and tell the uid when it is there', async () => {
    const signed = ['--coldkey-uri', '//Alice']
    const dear = await program('register', '--max-price', '1.4', ...signed)
    expect(dear).toMatchObject({ code: 1, out: '' })
    expect(dear.err).toMatch(
      /^error REGISTRATION_PRICE: .*costs 1\.5 TAO now, --max-price is 1\.4; [^\n]+\n$/,
    )
    const done = await program('register', '--max-price', '1.5', ...signed)
    expect(done.code, done.err).toBe(0)
    expect(done.out).toContain(`hotkey ${hotkey} has uid 2 on subnet 1 since block `)
    expect(await uidOnChain()).toBe(2)
    const again = await program('register', '--max-price', '1.5', ...signed)
    expect(again).toMatchObject({ code: 0, out: `hotkey ${hotkey} has uid 2 on subnet 1 already\n` })
  })

  it('stake, and take stake back', async () => {
    const signed = ['--coldkey-uri', '//Alice']
    const added = await program('stake', 'add', '--amount', '12.5', ...signed)
    expect(added.code, added.err).toBe(0)
    expect(await stakeOnChain()).toBe(12_500_000_000n)
    const removed = await program('stake', 'remove', '--amount', '2.5', ...signed)
    expect(removed.out).toContain(`2.5 TAO taken back from ${hotkey}`)
    expect(await stakeOnChain()).toBe(10_000_000_000n)
  })

  it('say in one line what is wrong with the command line', async () => {
    const runs = await Promise.all([
      program('register', '--max-price', 'cheap'),
      program('register'),
      program('register', '--max-price', '1', '--netuid', '9'),
    ])
    const patterns = [
      /^error AMOUNT_INVALID: "cheap"/,
      /^error USAGE: .*--max-price/,
      /^error CHAIN_SUBNET_UNKNOWN:/,
    ]
    runs.forEach(({ code, err }, i) => {
      expect(err).toMatch(patterns[i] as RegExp)
      expect(err.trim().split('\n')).toHaveLength(1)
      expect(code).toBe(i === 1 ? 2 : 1)
    })
  })
})

describe('the devnet’s genesis from the command line', { timeout: 240_000 }, () => {
  const run = (...args: string[]) => runToEnd(['--import', 'tsx', 'scripts/devnet.ts', ...args])

  it('lists the presets', async () => {
    const { out } = await run('--list-presets')
    expect(out.split('\n')).toEqual(
      expect.arrayContaining(['development', 'subnet-2', 'subnet-16', 'subnet-256']),
    )
  })

  it('exports a folder’s genesis as a chain spec of the same chain', async () => {
    const file = join(folder, 'spec.json')
    const { code, out, err } = await run('--data', join(folder, 'chain'), '--export-spec', file)
    expect(code, err).toBe(0)
    expect(out).toContain(`preset subnet-2 genesis ${devnet.ready.genesisHash}\n`)
    const spec = JSON.parse(await readFile(file, 'utf8'))
    expect(spec.genesis.raw.top['0x3a636f6465']).toMatch(/^0x0061736d/)
  })

  it('names what is wrong with a hyperparameter file', async () => {
    const file = join(folder, 'bad.json')
    await writeFile(file, '{"tempoo":1}')
    const wrong = await run('--data', join(folder, 'new'), '--hyperparameters', file)
    expect(wrong).toMatchObject({ code: 1, out: '' })
    expect(wrong.err).toMatch(/^error DEVNET_HYPERPARAMETERS_INVALID: .*no hyperparameter tempoo; [^\n]+\n$/)
    const missing = await run('--data', join(folder, 'new'), '--hyperparameters', join(folder, 'nothing'))
    expect(missing.err).toMatch(/^error DEVNET_HYPERPARAMETERS_INVALID: cannot read /)
  })
})

async function neuron() {
  const chain = await connectChain({ endpoint: devnet.ready.url })
  const { neurons } = await chain.metagraph(1)
  await chain.close()
  return neurons.find((found) => found.hotkey === hotkey)
}

const uidOnChain = async () => (await neuron())?.uid
const stakeOnChain = async () => (await neuron())?.stake
