import { likelihoodPreferences } from '../../shared/consensus/pairs.ts'
import { judgementPreferences } from '../../shared/judging/preferences.ts'
import type { RoundConfig } from '../config.ts'
import type { ScoringConfig } from '../scoring/config.ts'
import { replayBoost } from '../scoring/favourites.ts'
import type { JudgeOutcome } from '../scoring/outcome.ts'
import type { ScoreBook } from '../scoring/score-book.ts'
import { fairChecks, isSilenced } from '../scoring/verdict-strikes.ts'
import { voiceWeight } from '../scoring/voice-weight.ts'
import type { Disagreement } from '../store/entries.ts'
import {
  type FieldJudgement,
  type IsSilenced,
  type JudgedGroupField,
  rankFields,
  type WeightOf,
} from './rank.ts'
import { askedVerdicts } from './replay-verdicts.ts'
import type { AuditedAnswer, JudgedField, PlannedChallenge } from './types.ts'

/** Nats a token below which two likelihoods are one opinion: above it lies rounding, below it nothing. */
const TIE = 1e-6

export interface Ranking {
  /** Mean of π_i/(π_i+π_j) over its field, for every answer that was judged, or stands for one that was. */
  readonly qualities: ReadonlyMap<AuditedAnswer, number>
  /** Of every challenge that was judged. */
  readonly disagreements: readonly Disagreement[]
  readonly judges: readonly JudgeOutcome[]
}

export interface RankRules {
  readonly weightOf: WeightOf
  readonly isSilenced: IsSilenced
}

/** What ranking goes by, as a book and this round's controls have it. */
export function rankRules(book: ScoreBook, scoring: ScoringConfig, controlsPassed: boolean): RankRules {
  return {
    weightOf: (voice, fresh) => voiceWeight(book, voice, scoring, fresh),
    isSilenced: (hotkey, checks) =>
      isSilenced(book.miners[hotkey], fairChecks(checks, controlsPassed), scoring),
  }
}

/** Probability that a verdict of each judge is computed again: alarms raise it, and so does that nothing but verdicts ranks the answers. */
export function replayShares(
  book: ScoreBook,
  { verdictReplayShare, rankingReplay }: Pick<RoundConfig, 'verdictReplayShare' | 'rankingReplay'>,
  scoring: ScoringConfig,
): ReplayShareOf {
  return (hotkey, isGold) =>
    Math.min(1, verdictReplayShare * (isGold ? 1 : rankingReplay) * replayBoost(book, hotkey, scoring))
}

export type ReplayShareOf = (hotkey: string, isGold: boolean) => number

/** Ranks the answers of a round by its judges' verdicts. Whoever is like an answer inherits its quality by how alike they are. */
export function rankAnswers(
  fields: readonly JudgedField[],
  method: RoundConfig['judgeMethod'],
  rules: RankRules,
): Ranking {
  const challenges = [...groupByChallenge(fields).values()]
  const ranked = rankFields(
    challenges.map((judged) => groupField(judged, method)),
    rules.weightOf,
    rules.isSilenced,
  )
  const qualities = new Map<AuditedAnswer, number>()
  for (const [f, [first]] of challenges.entries())
    for (const [i, { group }] of first!.shown.entries()) {
      const quality = ranked.qualities[f]![i]!
      for (const { answer, similarity } of group?.members ?? [])
        qualities.set(answer, 0.5 + (quality - 0.5) * similarity)
    }
  const disagreements = challenges.map(([first], f) => ({
    challenge: first!.challenge.index,
    ...ranked.heard[f]!,
  }))
  return { qualities, disagreements, judges: ranked.judges }
}

function groupField(judged: readonly JudgedField[], method: RoundConfig['judgeMethod']): JudgedGroupField {
  const { shown, challenge } = judged[0]!
  const canary = shown.findIndex(({ group }) => group === undefined)
  const isGold = challenge.gold !== undefined
  return {
    correct: shown.map(({ group }) =>
      group === undefined ? false : isGold ? (group.representative.correct ?? null) : null,
    ),
    owners: shown.map(({ group }) => group?.representative.miner.hotkey ?? ''),
    ...(canary !== -1 && { canary }),
    judgements: judged.map((field) => judgementOf(field, method)),
  }
}

function judgementOf(field: JudgedField, method: RoundConfig['judgeMethod']): FieldJudgement {
  const { judge, opening } = field
  const results = opening?.replays.map(({ result }) => result) ?? []
  const count = (result: (typeof results)[number]) => results.filter((one) => one === result).length
  const mismatched = count('mismatch')
  return {
    judge: { hotkey: judge.hotkey, model: judge.model.hash, method },
    ...preferencesOf(field),
    checks: {
      verdicts: opening === undefined ? 0 : askedVerdicts(field, opening.given).length,
      tokens: opening?.given.method === 'prompted' ? opening.given.verdicts.flat().length : 0,
      replayed: count('match') + mismatched,
      mismatched,
    },
  }
}

function preferencesOf({ slots, opening }: JudgedField): Pick<FieldJudgement, 'preferences' | 'own'> {
  if (opening === undefined) return { preferences: undefined }
  const { given, read } = opening
  if (given.method === 'likelihood') return { preferences: likelihoodPreferences(given.scores, TIE) }
  const preferences = judgementPreferences(slots, read)
  return { preferences, own: preferences.filter((_, k) => slots[k]!.prompt !== undefined) }
}

function groupByChallenge(fields: readonly JudgedField[]): Map<PlannedChallenge, JudgedField[]> {
  const groups = new Map<PlannedChallenge, JudgedField[]>()
  for (const field of fields) {
    const group = groups.get(field.challenge)
    if (group === undefined) groups.set(field.challenge, [field])
    else group.push(field)
  }
  return groups
}
