import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Context, withEngine } from '../../../scripts/bench/engine/context.ts'
import { measurePacked } from '../../../scripts/bench/engine/measure-packed.ts'
import { measureSameTokens, measureService } from '../../../scripts/bench/engine/measure-service.ts'
import { measureSpeed } from '../../../scripts/bench/engine/measure-speed.ts'
import { drawRequest } from '../../../scripts/bench/engine/requests.ts'
import { saveEndlessModel } from '../../../scripts/bench/engine/speed-model.ts'
import { runParts } from '../../../scripts/bench/engine/suite.ts'
import type { Architecture } from '../../../shared/inference/model/architecture.ts'
import { seededRandom } from '../../../shared/inference/random.ts'
import { VOCABULARY_SIZE } from '../../../shared/inference/tokenizer.ts'

/** Deep and thin: cheap to load, and a step lasts long enough to be seen. */
const architecture: Architecture = {
  vocabularySize: VOCABULARY_SIZE,
  contextLength: 512,
  width: 32,
  layers: 8,
  heads: 2,
  kvHeads: 1,
  feedForward: 32,
  ropeBase: 10_000,
  normEpsilon: 1e-5,
}
const sizes = {
  decodeMs: 1,
  leastWindows: 1,
  prefillRuns: 1,
  rateMs: 1,
  capacityMs: 200,
  loadMs: 400,
  kills: 1,
  sameRequests: 5,
  tasksPerFamily: 1,
  peerTurns: 0,
}
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-bench-engine-'))
  await saveEndlessModel(folder, 'tiny', architecture, 1)
})
afterAll(() => rm(folder, { recursive: true }))

describe('npm run bench -- engine', () => {
  it('measures speed on weights whose answers do not end by themselves', async () => {
    const random = seededRandom(2)
    const finishes = await withEngine({ threads: 1 }, folder, (engine) =>
      Promise.all(
        Array.from({ length: 16 }, async () => (await engine.generate(drawRequest(random, 64, 440))).finish),
      ),
    )
    expect(finishes).toEqual(Array(16).fill('length'))
  })

  it('gives every bar that needs no trained model and no peer', async () => {
    const model = (name: 'nano' | 'small' | 'base') => ({
      name,
      architecture,
      speedFolder: folder,
      trained: undefined,
    })
    const models = { nano: model('nano'), small: model('small'), base: model('base') }
    const now = () => performance.now()
    const context: Context = { sizes, models, threads: 1, seed: 1, now, report: () => {} }
    const { raw, bars } = await runParts(context, [
      measureSpeed,
      measurePacked,
      measureService,
      measureSameTokens,
    ])
    const found = new Map(bars.map(({ name, value }) => [name, value]))
    const ms = ['base.prefill.512', 'engine.start', 'load50.ttft.p95', 'load80.interToken.p95', 'restart.ms']
    const rates = [
      'small.decode.b16',
      'base.decode.b1',
      'base.decode.b16',
      'base.decode.b32',
      'base.prefill.b4',
      'base.q4b32a8.decode.b16',
    ]
    for (const name of [
      ...ms,
      ...rates,
      'small.q4b32a8.rss',
      'base.decode.gain',
      'base.decode.b16.overFloor',
      'engine.rss',
    ]) {
      expect([name, found.get(name)]).toEqual([name, expect.toSatisfy((value: number) => value > 0)])
    }
    expect(found.get('scheduler.share')).toSatisfy((share: number) => share > 0 && share < 1)
    expect(found.get('restart.failed')).toBe(16)
    expect(found.get('tokens.same')).toBe(5)
    expect(JSON.parse(JSON.stringify(raw))).toMatchObject({
      untrained: ['nano', 'small', 'base'],
      speed: { base: { decode: { 16: [{ batch: 16 }] } } },
      kills: [{ outcomes: { length: 16 } }],
    })
  }, 240_000)
})
