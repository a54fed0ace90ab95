import { describe, expect, it } from 'vitest'
import { fillTables } from '../../../scripts/bench/document.ts'
import { answersNeeded } from '../../../scripts/bench/verify/answers-needed.ts'
import { barsOf } from '../../../scripts/bench/verify/bars.ts'
import type { Context, Part } from '../../../scripts/bench/verify/context.ts'
import { caughtWithin, delaysOf, summarizeDelays } from '../../../scripts/bench/verify/delays.ts'
import { trainMap } from '../../../scripts/bench/verify/forgery/least-squares.ts'
import { indexByLastTokens } from '../../../scripts/bench/verify/forgery/same-tokens.ts'
import { PART_NAMES, type PartName } from '../../../scripts/bench/verify/parts.ts'
import {
  earlierResults,
  partsNamed,
  runParts,
  type VerifyResults,
} from '../../../scripts/bench/verify/run-parts.ts'
import { tablesOf } from '../../../scripts/bench/verify/tables.ts'
import { reasonsOf, type Trial, tally } from '../../../scripts/bench/verify/trial.ts'
import type { AnswerRows } from '../../../scripts/calibrate/measure.ts'
import { seededRandom } from '../../../shared/inference/random.ts'
import { summariseStretch } from '../../../shared/proof/cusum.ts'
import type { Claim } from '../../../shared/verify/claim.ts'
import type { Verifier } from '../../../shared/verify/verifier.ts'

/** An answer whose tokens each have one nat and the given margins. */
function answer(...margins: number[]): Trial {
  const reading = {
    ...{ margins: Float64Array.from(margins), logProbs: new Float64Array(margins.length).fill(-1) },
    ...{ surprise: margins.length, promptTokens: 3, executionClass: 'test' },
  }
  return {
    ...{ verdict: 'accept', reason: '', surprise: margins.length, evidence: [] },
    ...{ claim: {} as Claim, reading, claimed: undefined },
  }
}

/** Rejects a margin of 5 or more; smaller ones add up to an alarm at 10. */
const verifier: Verifier = {
  name: 'replay',
  level: 2,
  applies: () => true,
  needs: () => ({}),
  decide(_claim, reading) {
    const margins = [...reading!.margins]
    if (margins.some((margin) => margin >= 5)) return { verdict: 'reject', reason: 'large' }
    const stretch = summariseStretch(margins.map((margin) => margin / 10))
    return { verdict: 'accept', reason: '', evidence: { statistic: 'margin', pair: 'a>b', ...stretch } }
  },
}

describe('delays', () => {
  it('run from every answer to the token that is caught, over the end as well', async () => {
    const delays = await delaysOf([answer(0, 0, 9, 0), answer(0, 0)], verifier)
    expect(delays).toEqual([
      { tokens: 3, nats: 3, natsBefore: 2 },
      { tokens: 5, nats: 5, natsBefore: 4 },
    ])
  })

  it('find the token at which small margins of several answers add up', async () => {
    const [first] = await delaysOf([answer(3, 0, 3), answer(0, 3, 0, 3, 3)], verifier)
    expect(first).toEqual({ tokens: 7, nats: 7, natsBefore: 6 })
  })

  it('never end for what is never caught, and are null in JSON', async () => {
    const delays = await delaysOf([answer(0, 0)], verifier)
    expect(delays[0]!.tokens).toBe(Number.POSITIVE_INFINITY)
    expect(summarizeDelays(delays).nats).toEqual({ median: null, p999: null })
    expect(caughtWithin(delays, { tokens: 1e9, nats: 1e9 })).toBe(0)
  })

  it('are within a budget when caught in the shortest beginning that has both', () => {
    const delay = { tokens: 40, nats: 12, natsBefore: 9.5 }
    expect(caughtWithin([delay], { nats: 10 })).toBe(1)
    expect(caughtWithin([delay], { nats: 9 })).toBe(0)
    expect(caughtWithin([delay], { tokens: 40 })).toBe(1)
    expect(caughtWithin([delay], { tokens: 39, nats: 9 })).toBe(0)
    expect(caughtWithin([delay], { tokens: 39, nats: 10 })).toBe(1)
  })
})

describe('answers needed', () => {
  const accepted = (share: number) => {
    const evidence = { statistic: 'sketch', pair: 'a>b', ...summariseStretch([share]) } as const
    return { verdict: 'accept', evidence: [evidence] } as const
  }

  it('end at a reject, or where the sums of a statistic reach their threshold', () => {
    const reject = { verdict: 'reject', evidence: [] } as const
    expect(answersNeeded([accepted(0.2), accepted(0.2), reject])).toEqual({ median: 2, p999: 3 })
    expect(answersNeeded([accepted(0.4)])).toEqual({ median: 3, p999: 3 })
    expect(answersNeeded([accepted(0)])).toEqual({ median: null, p999: null })
  })
})

describe('tallies', () => {
  it('count verdicts, and reasons without their numbers', () => {
    const reject = (reason: string) => ({ verdict: 'reject', reason }) as const
    const trials = [reject('token 3 lies 0.2 below'), reject('token 11 lies 1e-3 below'), reject('other')]
    expect(tally([...trials, { verdict: 'accept' }, { verdict: 'missed' }])).toEqual({
      ...{ tried: 5, accepted: 1, rejected: 3, unjudged: 0, missed: 1 },
    })
    expect(reasonsOf(trials)).toEqual({ 'token # lies # below': 2, other: 1 })
  })
})

describe('forgers', () => {
  it('learn a linear map from another model’s rows and the last token', () => {
    const random = seededRandom(1)
    const tokens = Array.from({ length: 60 }, () => Math.floor(random() * 4))
    const rows = Float32Array.from({ length: 120 }, () => random() - 0.5)
    const target = (n: number) => [2 * rows[2 * n]! + tokens[n]!, rows[2 * n + 1]! - 3]
    const targets = Float32Array.from(tokens.flatMap((_, n) => target(n)))
    const predict = trainMap({ rows, width: 2, tokens }, targets, 2, 4)
    const found = predict({ rows: rows.slice(0, 6), width: 2, tokens: tokens.slice(0, 3) })
    for (const [n, value] of found.entries()) expect(value).toBeCloseTo(targets[n]!, 2)
  })

  it('take the row of another prompt that shares the most last tokens', () => {
    const rowsOf = (declared: number[], tokens: number[], base: number): AnswerRows => ({
      question: { declared } as unknown as AnswerRows['question'],
      ...{ tokens, width: 1, verifier: new Float32Array(0) },
      prover: Float32Array.from(tokens, (_, n) => base + n),
    })
    const lookUp = indexByLastTokens([
      rowsOf([1, 1, 1, 2, 3, 4], [5, 6], 10),
      rowsOf([9, 9, 1, 2, 3, 4], [5, 6], 20),
    ])
    expect([...lookUp(rowsOf([7, 9, 1, 2, 3, 4], [5, 6], 0))]).toEqual([20, 21])
  })
})

const empty: VerifyResults = {
  model: { name: 'nano', hash: '0x00' },
  ...{ quick: true, seed: 1, parts: {}, failed: {} },
}

describe('parts', () => {
  const context = { now: () => 0 } as unknown as Context
  const parts = Object.fromEntries(
    PART_NAMES.map((name): [string, Part] => [name, async () => ({ rows: [], facts: { name } })]),
  ) as Record<PartName, Part>

  it('are saved one by one, and one that fails takes no other with it', async () => {
    const saved: string[][] = []
    const failing = { ...parts, overhead: () => Promise.reject(new Error('no cores')) }
    const results = await runParts(
      context,
      ['bytes', 'overhead', 'honest'],
      empty,
      async (some) => void saved.push(Object.keys(some.parts)),
      failing,
    )
    expect(saved).toEqual([['bytes'], ['bytes'], ['bytes', 'honest']])
    expect(results.failed).toEqual({ overhead: expect.stringContaining('no cores') })
    const again = await runParts(context, ['overhead'], results, async () => {}, parts)
    expect(again.failed).toEqual({})
    expect(Object.keys(again.parts)).toEqual(['bytes', 'honest', 'overhead'])
  })

  it('are chosen by name, in their own order', () => {
    expect(partsNamed(['forged', 'bytes'])).toEqual(['bytes', 'forged'])
    expect(partsNamed(['none'])).toEqual([])
    expect(() => partsNamed(['forgd'])).toThrow(/no part forgd/)
  })

  it('of another run are not mixed with', () => {
    expect(earlierResults({ ...empty, failed: { bytes: 'x' } }, empty).failed).toEqual({ bytes: 'x' })
    for (const other of [{ seed: 2 }, { quick: false }, { model: { name: 'nano', hash: '0x01' } }])
      expect(() => earlierResults({ ...empty, ...other }, empty)).toThrow(/other results/)
  })
})

const timings = { seconds: 60, loadAverage: 0 }
const counts = { tried: 10, accepted: 0, rejected: 10, unjudged: 0, missed: 0 }

describe('bars and tables', () => {
  const results: VerifyResults = {
    ...empty,
    parts: {
      honest: {
        rows: [{ class: 'fp32', attack: 'honest', ...counts, accepted: 8, rejected: 2 }],
        timings,
      },
      forged: {
        rows: [
          { class: 'fp32', attack: 'honest sketches', ...counts, accepted: 10, rejected: 0 },
          { class: 'fp32', attack: 'zeros', ...counts },
          { class: 'fp32', attack: 'constant', ...counts, accepted: 1, rejected: 9 },
        ],
        timings,
      },
    },
  }

  it('hold what was measured and nothing else', () => {
    expect(barsOf(empty)).toEqual([])
    expect(barsOf(results).map(({ name, value, floor, isMet }) => [name, value, floor, isMet])).toEqual([
      ['honest.rejected.fp32', 2, 0, false],
      ['forged.passed.fp32', 1, 0, false],
    ])
    const { bars, attacks, toploc } = tablesOf(results)
    expect(bars).toContain('| 1 of 20 |')
    expect(attacks).toContain('| zeros | fp32 | 10 | 0 |')
    expect(attacks).not.toContain('honest')
    expect(toploc).toBe('Not measured.')
  })

  it('say by how much a bar is missed', () => {
    const facts = { fields: { perAnswer: 137.8 }, encoded: { perAnswer: 142 }, toploc: 4128 }
    const { bars } = tablesOf({ ...empty, parts: { bytes: { rows: [], facts, timings } } })
    expect(bars).toContain('no, by 7.8, 6 %')
  })

  it('call a bar met only so far where fewer were tried than it asks for', () => {
    const few = { ...counts, accepted: 10, rejected: 0 }
    const met = (tried: number) => {
      const rows = [{ class: 'fp32', attack: 'honest', ...few, tried }]
      return tablesOf({ ...empty, parts: { honest: { rows, timings } } }).bars
    }
    expect(met(10)).toContain('| so far; fewer than 10,000 were tried |')
    expect(met(10_000)).toContain('| yes |')
  })

  it('are written between their marks', () => {
    const page = 'a\n<!-- x -->\nold\n<!-- /x -->\nb\n'
    const filled = fillTables(page, { x: '| new |' })
    expect(filled).toEqual({ page: 'a\n<!-- x -->\n\n| new |\n\n<!-- /x -->\nb\n' })
    expect(fillTables(page, { y: '' })).toEqual({ missing: 'y' })
  })
})
