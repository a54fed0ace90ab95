import { fieldQuality, fitBradleyTerry } from '../../shared/consensus/bradley-terry.ts'
import { fieldDisagreement } from '../../shared/consensus/disagreement.ts'
import { countGoldPairs, type JudgementCounts } from '../../shared/consensus/judge-reliability.ts'
import { countEqualPairs, type NetPreference } from '../../shared/consensus/net-preference.ts'
import type { Preference } from '../../shared/consensus/preference.ts'
import { type JudgeMethod, voiceOf, weighJudgements } from '../../shared/consensus/voice.ts'
import { addChecks } from '../scoring/add-checks.ts'
import type { JudgeChecks, JudgeOutcome } from '../scoring/outcome.ts'
import { countVoices } from '../scoring/voice-counts.ts'

/** One judge's part in a field. */
export interface FieldJudgement {
  readonly judge: { readonly hotkey: string; readonly model: string; readonly method: JudgeMethod }
  /** Over the answers of the field; undefined where it did not deliver. */
  readonly preferences: readonly Preference[] | undefined
  /** Those that it gave itself, where others follow from the answers: they alone say what it is worth. All, unless told. */
  readonly own?: readonly Preference[]
  /** What was checked of them. */
  readonly checks: Omit<JudgeChecks, 'canaries' | 'obeyed'>
}

/** The answers to one challenge that judges compared, and what they said. */
export interface JudgedGroupField {
  /** Of each answer: whether it is right; null where nobody knows. */
  readonly correct: readonly (boolean | null)[]
  /** Hotkeys of the answers' authors; empty for a planted one. */
  readonly owners: readonly string[]
  /** Place of a planted answer, which asks to be preferred and is wrong. */
  readonly canary?: number
  readonly judgements: readonly FieldJudgement[]
}

/** Weight of a voice in nats, from what is known of it and its gold pairs of this round. */
export type WeightOf = (voice: string, fresh: JudgementCounts) => number

/** Whether a judge counts for nothing, by what is known of it and this round's checks. */
export type IsSilenced = (hotkey: string, checks: JudgeChecks) => boolean

export interface FieldRanking {
  /** By field and answer: mean of π_i/(π_i+π_j) over the field, in [0, 1]; 0 for a planted answer. */
  readonly qualities: readonly (readonly number[])[]
  /** By field: how many judges were heard, and how far they were apart over the answers; see `fieldDisagreement`. */
  readonly heard: readonly { readonly judges: number; readonly disagreement: number | null }[]
  readonly judges: readonly JudgeOutcome[]
}

/**
 * Ranks the answers of a round by what its judges said. Gold weighs the judges, this round's gold included, so that a newcomer's
 * verdicts count as soon as it has shown what they are worth; silenced judges are not heard. Planted answers rank nowhere.
 */
export function rankFields(
  fields: readonly JudgedGroupField[],
  weightOf: WeightOf,
  isSilenced: IsSilenced,
): FieldRanking {
  const judges = judgeOutcomes(fields)
  const silenced = new Set(
    judges.filter(({ hotkey, checks }) => isSilenced(hotkey, checks)).map(({ hotkey }) => hotkey),
  )
  const fresh = countVoices(judges, (hotkey) => silenced.has(hotkey))
  const weigh = (voice: string) => weightOf(voice, fresh.get(voice) ?? { right: 0, wrong: 0 })
  const ranked = fields.map(({ correct, canary, judgements }) => {
    const heard = judgements.flatMap(({ judge, preferences }) =>
      preferences === undefined || silenced.has(judge.hotkey)
        ? []
        : [{ voice: voiceOf(judge), preferences: withoutCanary(preferences, canary) }],
    )
    const count = correct.length - (canary === undefined ? 0 : 1)
    const qualities = [...fieldQuality(fitBradleyTerry(count, weighJudgements(heard, weigh)).strengths)]
    const disagreement = fieldDisagreement(heard.map(({ preferences }) => preferences))
    return {
      qualities: canary === undefined ? qualities : qualities.toSpliced(canary, 0, 0),
      heard: { judges: heard.length, disagreement },
    }
  })
  return {
    qualities: ranked.map(({ qualities }) => qualities),
    heard: ranked.map(({ heard }) => heard),
    judges,
  }
}

/** Preferences among the other answers, which close up. */
function withoutCanary(
  preferences: readonly Preference[],
  canary: number | undefined,
): readonly Preference[] {
  if (canary === undefined) return preferences
  const place = (item: number) => (item > canary ? item - 1 : item)
  return preferences
    .filter(({ a, b }) => a !== canary && b !== canary)
    .map((preference) => ({ ...preference, a: place(preference.a), b: place(preference.b) }))
}

type CheckedOutcome = JudgeOutcome & { readonly checks: JudgeChecks }

function judgeOutcomes(fields: readonly JudgedGroupField[]): CheckedOutcome[] {
  const outcomes = new Map<string, CheckedOutcome>()
  for (const field of fields)
    for (const judgement of field.judgements) {
      const { judge } = judgement
      const before = outcomes.get(judge.hotkey) ?? { ...judge, ...NOTHING }
      outcomes.set(judge.hotkey, addJudgement(before, field, judgement))
    }
  return [...outcomes.values()]
}

const NOTHING = {
  ...{ asked: 0, completed: 0, goldRight: 0, goldWrong: 0 },
  checks: { verdicts: 0, tokens: 0, replayed: 0, mismatched: 0, canaries: 0, obeyed: 0 },
}

function addJudgement(
  before: CheckedOutcome,
  field: JudgedGroupField,
  { preferences, own = preferences, checks }: FieldJudgement,
): CheckedOutcome {
  const asked = before.asked + 1
  if (own === undefined) return { ...before, asked }
  const { canary, owners } = field
  // What a judge makes of planted answers is counted apart.
  const correct = field.correct.map((right, i) => (i === canary ? null : right))
  const gold = countGoldPairs(own, correct)
  const equalPairs = addEqualPairs(before.equalPairs, countEqualPairs(own, correct), owners)
  return {
    ...before,
    ...{ asked, completed: before.completed + 1 },
    ...{ goldRight: before.goldRight + gold.right, goldWrong: before.goldWrong + gold.wrong },
    checks: addChecks(before.checks, { ...checks, ...countCanary(own, field) }),
    ...(equalPairs !== undefined && { equalPairs }),
  }
}

/** Pairs of a planted answer and a right one, and those where the planted one was preferred. */
function countCanary(preferences: readonly Preference[], { canary, correct }: JudgedGroupField) {
  let [canaries, obeyed] = [0, 0]
  for (const { a, b, winOfA } of preferences) {
    if ((a !== canary || correct[b] !== true) && (b !== canary || correct[a] !== true)) continue
    canaries++
    if (winOfA === (a === canary ? 1 : 0)) obeyed++
  }
  return { canaries, obeyed }
}

function addEqualPairs(
  before: JudgeOutcome['equalPairs'],
  fresh: readonly NetPreference[],
  owners: readonly string[],
): JudgeOutcome['equalPairs'] {
  if (fresh.every(({ count }) => count === 0)) return before
  const sums = { ...before }
  for (const [i, { net, count }] of fresh.entries()) {
    if (count === 0) continue
    const old = sums[owners[i]!] ?? { net: 0, count: 0 }
    sums[owners[i]!] = { net: old.net + net, count: old.count + count }
  }
  return sums
}
