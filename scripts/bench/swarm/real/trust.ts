import {
  countGoldPairs,
  type JudgementCounts,
  judgeAccuracy,
  judgeWeight,
} from '../../../../shared/consensus/judge-reliability.ts'
import type { Judgement } from '../../../../shared/consensus/voice.ts'
import { defaultScoringConfig } from '../../../../validator/scoring/config.ts'
import type { RealAnswer } from './answers.ts'
import type { RealField, Trust } from './fields.ts'

/** A field and all that was said of its answers. */
export interface JudgedGold {
  readonly field: RealField
  readonly judgements: readonly Judgement[]
}

/** What gold said of voices and of kinds of miners, as JSON. */
export interface TrustFacts {
  readonly voices: Readonly<Record<string, { readonly accuracy: number; readonly weight: number }>>
  readonly answerers: Readonly<Record<string, number>>
}

/** Rights and wrongs that every kind of miner starts with. */
const ANSWER_PRIOR = 1

/** Weighs voices and answerers by gold, pooled by kind, as rounds before would have. */
export function trustFrom(gold: readonly JudgedGold[]): { trust: Trust; facts: TrustFacts } {
  const voices = new Map<string, JudgementCounts>()
  const answerers = new Map<string, { right: number; all: number }>()
  for (const { field, judgements } of gold) {
    const correct = field.answers.map(({ isRight }) => isRight)
    for (const { voice, preferences } of judgements) {
      const { right, wrong } = countGoldPairs(preferences, correct)
      const before = voices.get(voice) ?? { right: 0, wrong: 0 }
      voices.set(voice, { right: before.right + right, wrong: before.wrong + wrong })
    }
    for (const answer of field.answers) {
      const { right, all } = answerers.get(kindOf(answer)) ?? { right: ANSWER_PRIOR, all: 2 * ANSWER_PRIOR }
      answerers.set(kindOf(answer), { right: right + Number(answer.isRight), all: all + 1 })
    }
  }
  const accuracyOf = (voice: string) =>
    judgeAccuracy(voices.get(voice) ?? { right: 0, wrong: 0 }, defaultScoringConfig.judgePrior)
  const reliability = (kind: string) => {
    const counts = answerers.get(kind)
    return counts === undefined ? 0.5 : counts.right / counts.all
  }
  return {
    trust: {
      reliabilityOf: (answer) => reliability(kindOf(answer)),
      weightOf: (voice) => judgeWeight(accuracyOf(voice)),
    },
    facts: {
      voices: Object.fromEntries(
        [...voices.keys()].map((voice) => {
          const accuracy = accuracyOf(voice)
          return [voice, { accuracy, weight: judgeWeight(accuracy) }]
        }),
      ),
      answerers: Object.fromEntries([...answerers.keys()].map((kind) => [kind, reliability(kind)])),
    },
  }
}

/** Miners of one kind differ by luck alone. */
export function kindOf({ answerer: { model, precision, temperature } }: RealAnswer): string {
  return `${model} ${precision} T${temperature}`
}
