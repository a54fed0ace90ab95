import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { minerFindings } from '../../../miner/doctor/miner-findings.ts'
import { type MinerFlags, minerSettings } from '../../../miner/settings.ts'
import { createHotkey } from '../../../shared/chain/wallet/create-hotkey.ts'
import type { Finding } from '../../../shared/doctor/finding.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { validatorFindings } from '../../../validator/doctor/validator-findings.ts'
import { type ValidatorFlags, validatorSettings } from '../../../validator/settings.ts'

let folder: string
/** Takes connections, and never says a word: a node that hangs, and a port that is taken. */
let mute: Server
let port: number

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-doctor-'))
  await createHotkey({ path: join(folder, 'wallets'), name: 'me', hotkey: 'default' })
  mute = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1')
  await new Promise((resolve) => mute.once('listening', resolve))
  port = (mute.address() as { port: number }).port
})
afterAll(async () => {
  mute.close()
  rmSync(folder, { recursive: true, force: true })
})

const edge = {
  env: {},
  clock: systemClock,
  nodeVersion: '18.0.0',
  wantedNode: '>=20.19',
  chainMs: 500,
  blockMs: 500,
}
const operator = () => ({
  'wallet.path': join(folder, 'wallets'),
  'wallet.name': 'me',
  'subtensor.chain_endpoint': [`ws://127.0.0.1:${port}`],
  state: join(folder, 'state'),
})
const verdicts = (findings: readonly Finding[]) =>
  Object.fromEntries(findings.map(({ name, verdict }) => [name, verdict]))
const found = (findings: readonly Finding[], name: string) => findings.find((one) => one.name === name)?.found

it('finds everything that is broken about a miner, and hangs on nothing', async () => {
  const flags: MinerFlags = minerSettings.parse({
    ...operator(),
    'wallet.name': 'nobody',
    'axon.port': port,
    model: join(folder, 'none'),
  })
  // A file stands where the folder should be.
  writeFileSync(join(folder, 'occupied'), '')
  const findings = await minerFindings({ ...flags, state: join(folder, 'occupied', 'state') }, edge)
  expect(verdicts(findings)).toMatchObject({
    node: 'failure',
    hotkey: 'failure',
    chain: 'failure',
    [`--axon.port ${port}`]: 'failure',
    reachable: 'failure',
    model: 'failure',
    'state folder': 'failure',
  })
  expect(found(findings, 'hotkey')).toMatch(/^WALLET_NOT_FOUND: /)
  expect(found(findings, 'chain')).toMatch(/did not answer in 0\.5 s|CHAIN_/)
  expect(found(findings, 'model')).toMatch(/^MODEL_MISSING: /)
}, 240_000)

it('starts the engine for real where no miner runs, and finds a model that the registry does not hold', async () => {
  const registry = join(folder, 'registry.json')
  writeFileSync(registry, JSON.stringify({ format: 'starling-registry/1', models: [] }))
  mkdirSync(join(folder, 'state'), { recursive: true })
  const flags: MinerFlags = minerSettings.parse({ ...operator(), 'axon.port': 0, model: 'models/nano' })
  const findings = await minerFindings(
    { ...flags, registry },
    { ...edge, nodeVersion: process.versions.node },
  )
  expect(verdicts(findings)).toMatchObject({
    node: 'ok',
    install: 'ok',
    hotkey: 'ok',
    model: 'failure',
    engine: 'ok',
    'state folder': 'ok',
  })
  expect(found(findings, 'model')).toMatch(/MODEL_UNDECLARED/)
}, 240_000)

it('finds what is broken about a validator', async () => {
  const state = join(folder, 'scores')
  mkdirSync(state)
  writeFileSync(join(state, 'journal.jsonl'), 'no journal\nat all\n')
  const flags: ValidatorFlags = validatorSettings.parse({
    ...operator(),
    models: join(folder, 'none'),
    'dispute.port': port,
  })
  const findings = await validatorFindings({ ...flags, state }, edge)
  expect(verdicts(findings)).toMatchObject({
    chain: 'failure',
    [`--dispute.port ${port}`]: 'failure',
    config: 'ok',
    engine: 'failure',
    scores: 'failure',
  })
  expect(found(findings, 'scores')).toMatch(/^JOURNAL_DAMAGED: /)
}, 240_000)
