import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SelftestParts, selftest } from '../../../miner/selftest/selftest.ts'
import { ROUND } from '../../../miner/selftest/try-answers.ts'
import type { MinerBackend } from '../../../miner/start-backend.ts'
import type { Engine } from '../../../shared/inference/engine.ts'
import type { Registry } from '../../../shared/inference/registry/registry.ts'
import { startEngine } from '../../../shared/inference/start-engine.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { roundConfigSchema } from '../../../validator/config.ts'
import { samplingOf } from '../../../validator/round/answers.ts'
import { MINER, VALIDATOR } from '../../support/receipts.ts'
import { tinyModelFolder } from '../../unit/inference/tiny-model.ts'

let engine: Engine
let other: Engine
beforeAll(async () => {
  const start = async (seed: number) => startEngine({ modelFolder: await tinyModelFolder(seed), threads: 1 })
  ;[engine, other] = await Promise.all([start(1), start(2)])
})
afterAll(() => Promise.all([engine.close(), other.close()]))

function registryOf(level: 1 | 2 | 3, hash = engine.model.hash): Registry {
  const classes = [{ executionClass: 'cpu-fp32/ort-*', level }]
  return { format: 'starling-registry/1', models: [{ name: 'tiny', hash, licence: 'none', classes }] }
}

const none: SelftestParts['calibrationFor'] = async () => undefined

async function run(registry: Registry, backend: MinerBackend = engine, calibrationFor = none) {
  const keys = { miner: MINER, validator: VALIDATOR, calibrationFor }
  const result = await selftest({ backend, registry, answers: 3, clock: systemClock, randomBytes, ...keys })
  return { ...result, line: (name: string) => result.checks.find((check) => check.name === name) }
}

describe('the self-test of a miner', () => {
  it('asks what a validator asks by default', () => {
    const config = roundConfigSchema.parse({})
    expect(ROUND.sampling).toEqual(samplingOf(config))
    expect(ROUND.commitMs).toBe(config.commitMs)
    expect(ROUND.tolerance).toBe(config.auditTolerance)
  })

  it('lets honest answers pass, with a figure for each check', async () => {
    const { ok, level, checks } = await run(registryOf(2))
    expect(checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
    expect({ ok, level }).toEqual({ ok: true, level: 2 })
    expect(checks.map(({ name, detail }) => `${name}: ${detail}`)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^answers: 3 of 3/),
        expect.stringMatching(/^commits: 3 opened/),
        expect.stringMatching(/^replay: 3 accepted, largest margin \S+ of a logit/),
        expect.stringMatching(/^verdict: all 3 accepted, at level 2/),
        expect.stringMatching(/^surprise: \d\.\d\d nats a token/),
        expect.stringMatching(/^speed: \d+ tokens\/s, 3 at once; slowest commit/),
        expect.stringMatching(/^judging: /),
      ]),
    )
  })

  it('finds answers of another model than the one declared', async () => {
    const { ok, line } = await run(registryOf(2), { ...engine, generate: other.generate })
    expect(line('replay')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(/3 rejected of 3/),
    })
    expect(ok).toBe(false)
  })

  it('finds an answer whose text is not its tokens’', async () => {
    const generate: Engine['generate'] = async (request) => {
      return { ...(await engine.generate(request)), text: 'something else' }
    }
    const { line } = await run(registryOf(2), { ...engine, generate })
    expect(line('commits')).toMatchObject({ verdict: 'fail', detail: expect.stringContaining('spell') })
  })

  it('says which answers did not come, and why', async () => {
    const generate = () => Promise.reject(new Error('out of memory'))
    const { ok, line } = await run(registryOf(2), { ...engine, generate })
    expect(line('answers')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringContaining('out of memory'),
    })
    expect(ok).toBe(false)
  })

  it.each<[string, () => Registry, string, RegExp]>([
    [
      'the registry does not hold',
      () => registryOf(2, `0x${'0'.repeat(64)}`),
      'registry',
      /MODEL_UNDECLARED.*; /,
    ],
    ['nobody scores', () => registryOf(1), 'level', /nobody’s work.*earns nothing/],
    ['was never calibrated', () => registryOf(3), 'calibration', /restore the calibration/],
  ])('refuses a model that %s, with the remedy', async (_, registry, name, detail) => {
    const { ok, line } = await run(registry())
    expect(line(name)).toMatchObject({ verdict: 'fail', detail: expect.stringMatching(detail) })
    expect(ok).toBe(false)
  })

  it('passes on what is wrong with a calibration', async () => {
    const other = () => Promise.reject(new StarlingError('CALIBRATION_OTHER', 'another', 'restore it'))
    const { ok, line } = await run(registryOf(3), engine, other)
    expect(line('calibration')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(/CALIBRATION_OTHER.*restore it/),
    })
    expect(ok).toBe(false)
  })

  it('says of a server what it reaches, though it can replay nothing', async () => {
    const { replay, score, ...served } = engine
    const model = { ...engine.model, level: 1 as const }
    const { ok, level, line } = await run(registryOf(2), { ...served, model })
    expect({ ok, level }).toEqual({ ok: false, level: 1 })
    expect(line('commits')).toMatchObject({ verdict: 'pass' })
    expect(line('surprise')).toMatchObject({ verdict: 'open' })
    expect(line('judging')).toMatchObject({
      verdict: 'open',
      detail: expect.stringContaining('CANNOT_JUDGE'),
    })
  })
})
