import type { CollectedField } from './collect.ts'
import { type ReadOuts, RUNGS, type RungName, readOut } from './read-out.ts'
import { bootstrap, type Interval, mean } from './statistics.ts'
import type { RealSwarm } from './swarms.ts'
import type { TrustFacts, trustFrom } from './trust.ts'

/** A share of questions with its 95 % interval. */
export interface Accuracy extends Interval {
  readonly value: number
}

/** What one swarm made of its questions; every figure is a share of them, in [0, 1], unless said. */
export interface FieldFacts {
  readonly questions: number
  readonly rungs: Readonly<Record<RungName, Accuracy>>
  /** Any answer right. */
  readonly oracle: number
  /** The miner with most right answers to these questions, which luck had a hand in choosing. */
  readonly bestSingle: { readonly name: string; readonly accuracy: number }
  /** The kind of miner that gold had found best before, on average over its miners. */
  readonly ablest: { readonly model: string; readonly accuracy: number }
  /** Swarm less majority, and less the best single, in points. */
  readonly gain: Accuracy
  readonly overBest: Accuracy
  /** (swarm − majority) / (oracle − majority); null where there is no gap. */
  readonly gapClosed: number | null
  readonly families: Readonly<Record<string, FamilyFacts>>
  readonly trust: TrustFacts
  /** Per question. */
  readonly distinctResults: number
  readonly verdicts: number
  readonly tokensPerVerdict: number
}

export interface FamilyFacts {
  readonly questions: number
  /** Mean over the miners. */
  readonly single: number
  readonly majority: number
  readonly swarm: number
  readonly oracle: number
}

export function summarise(
  { answerers }: RealSwarm,
  fields: readonly CollectedField[],
  { trust, facts }: ReturnType<typeof trustFrom>,
  { random, resamples }: { random: () => number; resamples: number },
): FieldFacts {
  const read = readOut(fields, trust)
  const singles = answerers.map((answerer) =>
    Uint8Array.from(fields, ({ field }) =>
      Number(field.answers.find((answer) => answer.answerer === answerer)!.isRight),
    ),
  )
  const oracle = Uint8Array.from(fields, ({ field }) => Number(field.answers.some(({ isRight }) => isRight)))
  const withInterval = (statistic: (drawn: Uint32Array) => number): Accuracy => ({
    value: statistic(Uint32Array.from(fields, (_, i) => i)),
    ...bootstrap(fields.length, statistic, random, resamples),
  })
  const best = singles.reduce((a, b) => (mean(b) > mean(a) ? b : a))
  const ablest = [...new Set(answerers.map(({ model }) => model))]
    .map((model) => ({
      model,
      accuracy: mean(singles.filter((_, i) => answerers[i]!.model === model).map((right) => mean(right))),
    }))
    .reduce((a, b) => (b.accuracy > a.accuracy ? b : a))
  const sum = (of: (field: CollectedField) => number) => fields.reduce((total, field) => total + of(field), 0)
  const verdicts = sum((field) => field.verdicts)
  return {
    questions: fields.length,
    rungs: Object.fromEntries(
      RUNGS.map((rung) => [rung, withInterval((drawn) => shareOf(read[rung], drawn))]),
    ) as Record<RungName, Accuracy>,
    oracle: mean(oracle),
    bestSingle: { name: answerers[singles.indexOf(best)]!.name, accuracy: mean(best) },
    ablest,
    gain: withInterval((drawn) => 100 * (shareOf(read.swarm, drawn) - shareOf(read.majority, drawn))),
    // The best is chosen anew from each draw, as it was from the questions themselves.
    overBest: withInterval(
      (drawn) =>
        100 * (shareOf(read.swarm, drawn) - Math.max(...singles.map((right) => shareOf(right, drawn)))),
    ),
    gapClosed: gapClosed(mean(read.majority), mean(read.swarm), mean(oracle)),
    families: families(fields, read, oracle, singles),
    trust: facts,
    distinctResults: sum(({ field }) => field.representatives.length) / fields.length,
    verdicts: verdicts / fields.length,
    tokensPerVerdict: sum(({ verdictTokens }) => verdictTokens) / Math.max(1, verdicts),
  }
}

function shareOf(right: Uint8Array, drawn: Uint32Array): number {
  let sum = 0
  for (const i of drawn) sum += right[i]!
  return sum / drawn.length
}

function gapClosed(majority: number, swarm: number, oracle: number): number | null {
  return oracle > majority ? (swarm - majority) / (oracle - majority) : null
}

function families(
  fields: readonly CollectedField[],
  read: ReadOuts,
  oracle: Uint8Array,
  singles: readonly Uint8Array[],
): Record<string, FamilyFacts> {
  const places = new Map<string, number[]>()
  fields.forEach(({ field }, i) => {
    const { family } = field.question.task
    places.set(family, [...(places.get(family) ?? []), i])
  })
  return Object.fromEntries(
    [...places].map(([family, at]) => {
      const share = (right: Uint8Array) => mean(at.map((i) => right[i]!))
      const facts: FamilyFacts = {
        questions: at.length,
        single: mean(singles.map(share)),
        majority: share(read.majority),
        swarm: share(read.swarm),
        oracle: share(oracle),
      }
      return [family, facts]
    }),
  )
}
