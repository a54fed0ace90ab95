import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSubnet, type Subnet } from '../../../scripts/demo/subnet.ts'
import type { ChainAdmin, ChainClient } from '../../../shared/chain/chain-client.ts'
import { type Devnet, startDevnet } from '../../../shared/chain/devnet/devnet.ts'
import { connectChain } from '../../../shared/chain/substrate-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { defaultScoringConfig } from '../../../validator/scoring/config.ts'
import { openScoreStore } from '../../../validator/store/score-store.ts'
import { runToEnd } from '../devnet/devnet-process.ts'

let folder: string
let devnet: Devnet
let chain: ChainClient & ChainAdmin
let subnet: Subnet
const state = () => join(folder, 'state')

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-weights-'))
  devnet = await startDevnet({ port: 0, dataDir: join(folder, 'chain'), blockMs: 300 })
  chain = await connectChain({ endpoint: devnet.url })
  const scenario = {
    miners: [],
    validators: [{ name: 'member', stake: 10n }],
    ...{ blockMs: 300, tempo: 10, round: {}, paidEpochs: 0 },
  } as const
  subnet = await createSubnet(chain, scenario, join(folder, 'wallets'), 1, () => {})
  openScoreStore(state(), defaultScoringConfig).close()
}, 240_000)
afterAll(async () => {
  await chain?.close()
  await devnet?.close()
  rmSync(folder, { recursive: true, force: true })
})

const commandLine = (level: string, ...args: string[]) => [
  ...['--import', 'tsx', 'validator/main.ts', ...args, '--netuid', String(subnet.netuid)],
  ...['--subtensor.chain_endpoint', devnet.url, '--wallet.path', join(folder, 'wallets')],
  ...['--wallet.name', 'member', '--logging.level', level, '--state', state()],
]
const run = (...args: string[]) => runToEnd(commandLine('silent', ...args))
const contents = () => readdirSync(state()).map((name) => [name, readFileSync(join(state(), name), 'utf8')])

describe('validator weights', { timeout: 240_000 }, () => {
  it('plan prints the rules and writes nothing', async () => {
    const before = contents()
    const { code, out, err } = await run('weights', 'plan', '--dry-run')
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(out).toMatch(/^pass {2}hotkey is registered +uid 1$/m)
    expect(out).toMatch(/^note {2}no round is settled yet$/m)
    expect(contents()).toEqual(before)
  })

  it('plan prints JSON', async () => {
    const { code, out } = await run('weights', 'plan', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ netuid: subnet.netuid, round: -1, checks: expect.any(Array) })
  })

  it('show prints what the chain holds', async () => {
    const { hotkey } = subnet.keys.get('member')!
    await chain.setWeights(hotkey, { netuid: subnet.netuid, uids: [1], weights: [65_535], versionKey: 0n })
    const { code, out } = await run('weights', 'show')
    expect(code).toBe(0)
    expect(out).toContain('weights on the chain: 1: 65535\ncommits: none')
  })

  it('plan says in one line what it lacks', async () => {
    rmSync(join(state(), 'journal.jsonl'))
    const { code, err } = await run('weights', 'plan')
    expect(code).toBe(1)
    expect(err).toMatch(/^error STATE_MISSING: .*; .+\n$/)
  })
})

describe('a validator whose hotkey loses its uid', { timeout: 240_000 }, () => {
  it('says so and ends', async ({ onTestFinished }) => {
    const config = join(folder, 'config.json')
    writeFileSync(config, '{"round":{"roundBlocks":5}}')
    const child = spawn(process.execPath, commandLine('info', '--config', config))
    // Its engines end with it, also when the test fails.
    onTestFinished(() => void child.kill('SIGTERM'))
    let err = ''
    child.stderr.on('data', (data) => {
      err += String(data)
    })
    const ended = once(child, 'close')
    await expect.poll(() => err).toContain('validator started')
    const alice = signerFromUri('//Alice')
    const full = { maxAllowedUids: 2, immunityPeriod: 0, minNonImmuneUids: 0 }
    await chain.setHyperparameters(alice, subnet.netuid, full)
    const hotkey = signerFromUri('//Newcomer').address
    await chain.burnedRegister(alice, { netuid: subnet.netuid, hotkey })
    const [code] = await ended
    expect(code).toBe(1)
    expect(err).toMatch(/\nerror NOT_REGISTERED: .*; .+\n$/)
  })
})
