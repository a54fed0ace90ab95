import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { barsOf } from '../../../scripts/bench/verify/bars.ts'
import { type BenchClass, CLASSES } from '../../../scripts/bench/verify/classes.ts'
import { type ClassSession, withSessions } from '../../../scripts/bench/verify/context.ts'
import { FORGERIES } from '../../../scripts/bench/verify/forgery/forgeries.ts'
import type { ToplocRow } from '../../../scripts/bench/verify/parts/toploc.ts'
import type { PartName } from '../../../scripts/bench/verify/parts.ts'
import type { AttackRow } from '../../../scripts/bench/verify/results.ts'
import { noResults, runParts, type VerifyResults } from '../../../scripts/bench/verify/run-parts.ts'
import type { SampleSizes } from '../../../scripts/bench/verify/sample-sizes.ts'
import { tablesOf } from '../../../scripts/bench/verify/tables.ts'

const MODELS = join(import.meta.dirname, '../../../models')
const modelFolder = join(MODELS, 'nano')
/** As few answers as say anything: that every attack is tried and found, not how often. */
const sizes: SampleSizes = {
  honest: 4,
  otherModel: 3,
  weights: 5,
  prompts: 5,
  wrongSeed: 6,
  sampling: 4,
  otherSampling: 4,
  cheapDecode: 4,
  otherDecode: 4,
  protocol: 2,
  forged: { prompts: 8, challenges: 2, beacons: 2 },
  toploc: 5,
  overhead: { turns: 1, answerTokens: [16] },
  dispute: { positions: 24, answerTokens: 8 },
}
/** Every kind of attack once; each costs a process. */
const classes: readonly BenchClass[] = CLASSES.map((cls) => ({
  ...cls,
  others: cls.others.filter(({ attack, kind }) => kind === 'accuracy' || attack.endsWith('blocks of 64')),
  cheapDecode: cls.cheapDecode.slice(0, 1),
}))
/** Disputes start processes and have tests of their own; overheads are of interest on a quiet machine only. */
const IN_BOTH = ['bytes', 'honest', 'weights', 'prompts', 'sampling', 'forged'] as const
/** Where the class makes no difference to the code that runs. */
const IN_FP32 = ['models', 'decode', 'protocol'] as const

let results: VerifyResults
let again: VerifyResults
beforeAll(async () => {
  const empty = await noResults(modelFolder, { quick: true, seed: 1 })
  const otherModels = new Map([['small', join(MODELS, 'small')]])
  const measured = {
    sizes,
    modelFolder,
    otherModels,
    seed: 1,
    now: () => performance.now(),
    report: () => {},
  }
  await withSessions(modelFolder, classes, async (sessions) => {
    const run = (names: readonly PartName[], of: readonly ClassSession[], before = empty) =>
      runParts({ ...measured, sessions: of }, names, before, async () => {})
    results = await run(IN_BOTH, sessions)
    const exact = sessions.slice(0, 1)
    again = await run(['prompts'], exact)
    results = await run(IN_FP32, exact, results)
    const oneRounding = exact.map((session) => ({
      ...session,
      class: { ...session.class, roundings: ['int8'] as const },
    }))
    results = await run(['toploc'], oneRounding, results)
  })
}, 240_000)

const rowsOf = (part: PartName, cls?: string): readonly AttackRow[] =>
  (results.parts[part]?.rows ?? []).filter((row) => cls === undefined || row.class === cls)
const namesOf = (part: PartName, cls: string) => rowsOf(part, cls).map(({ attack }) => attack)

describe('npm run bench -- verify, with a handful of answers', () => {
  it('runs every part in both classes', () => {
    expect(results.failed).toEqual({})
    expect(Object.keys(results.parts)).toEqual([...IN_BOTH, ...IN_FP32, 'toploc'])
    for (const cls of ['fp32', 'noisy']) expect(namesOf('honest', cls)).toContain('honest')
  })

  it('rejects nobody who is honest', () => {
    for (const row of rowsOf('honest')) expect(row).toMatchObject({ rejected: 0, missed: 0 })
    const forged = rowsOf('forged').filter(({ attack }) => attack === 'honest sketches')
    for (const { rejected, accepted } of forged) expect([rejected, accepted > 0]).toEqual([0, true])
  })

  it('tries every attack of the forgery suite', () => {
    expect(namesOf('models', 'fp32')).toEqual(['small served', 'last layer left out'])
    expect(namesOf('decode', 'fp32')).toEqual(['int4 decodes, honest prefill'])
    expect(namesOf('protocol', 'fp32')).toHaveLength(24)
    for (const cls of ['fp32', 'noisy']) {
      expect(namesOf('prompts', cls)).toHaveLength(4)
      expect(namesOf('sampling', cls)).toHaveLength(10)
      expect(namesOf('forged', cls)).toEqual(expect.arrayContaining(Object.keys(FORGERIES)))
    }
    expect(namesOf('weights', 'fp32')).toEqual([...['bf16 weights', 'int8 weights', 'int4 weights']])
    expect(namesOf('weights', 'noisy')).toEqual([...['4-bit weights, blocks of 64', 'float32 activations']])
    expect(rowsOf('toploc').map(({ class: cls, accepted }) => [cls, accepted])).toEqual(
      Array(5).fill(['any', 0]),
    )
  })

  it('accepts no answer of another model, prompt or protocol, and no forged sketch', () => {
    const exact = [...rowsOf('models'), ...rowsOf('weights', 'fp32'), ...rowsOf('prompts', 'fp32')]
    const forged = rowsOf('forged').filter(({ attack }) => Object.hasOwn(FORGERIES, attack))
    for (const row of [...exact, ...rowsOf('protocol'), ...forged])
      expect([row.attack, row.class, row.accepted]).toEqual([row.attack, row.class, 0])
  })

  it('sees in one row of fp32 that weights or prompt are others', () => {
    for (const { attack, area } of [...rowsOf('weights', 'fp32'), ...rowsOf('prompts', 'fp32')])
      expect([attack, area?.oneRow]).toEqual([attack, expect.toSatisfy((auc: number) => auc > 0.999)])
  })

  it('finds by tokens alone what leaves no other trace', () => {
    const found = [...rowsOf('sampling', 'fp32'), ...rowsOf('decode', 'fp32')]
    for (const { attack, delay } of found)
      expect([attack, delay?.nats.median]).toEqual([attack, expect.any(Number)])
    const [wrongSeed] = rowsOf('sampling', 'fp32')
    expect(wrongSeed).toMatchObject({ accepted: 0, delay: { within: { '100 nats and 128 tokens': 6 } } })
  })

  it('holds TOPLOC against the same rows', () => {
    const rows = results.parts.toploc!.facts!.toploc as ToplocRow[]
    const row = (attack: string) => rows.find((one) => one.class === 'fp32' && one.attack === attack)
    expect(row('honest')).toMatchObject({ toplocPassed: 5, sketchesPassed: 5 })
    expect(row('sign flipped')).toMatchObject({ toplocPassed: 5, sketchesPassed: 0 })
    expect(row('rows of another prompt')).toMatchObject({ toplocPassed: 0, sketchesPassed: 0 })
  })

  it('shows all of it', () => {
    const names = barsOf(results).map(({ name }) => name)
    for (const name of ['honest.rejected', 'weights.area', 'seed.caught', 'forged.passed'])
      for (const cls of ['fp32', 'noisy']) expect(names).toContain(`${name}.${cls}`)
    const { attacks, bars } = tablesOf(results)
    expect(attacks!.split('\n').length).toBeGreaterThan(70)
    expect(bars).toContain('| ≤ 130 |')
  })

  it('finds the same with the same seed', () => {
    expect(again.parts.prompts!.rows).toEqual(rowsOf('prompts', 'fp32'))
  })
})
