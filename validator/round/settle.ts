import { toHex } from '../../shared/proof/hash.ts'
import type { MinerRow, RowJudging } from '../../shared/proof/miner-row.ts'
import type { AnswerOutcome, JudgeOutcome, RoundOutcome } from '../scoring/outcome.ts'
import type { ScoreParts } from '../scoring/score-parts.ts'
import { promptKey } from './prompts.ts'
import type { Ranking } from './rank-answers.ts'
import type { AuditedAnswer, Participant } from './types.ts'

/** Phase 6, first half: what the round says of every answer and judge, as scoring takes it. */
export function roundOutcome(
  round: number,
  audited: readonly AuditedAnswer[],
  ranking: Ranking,
  controlsPassed: boolean,
): RoundOutcome {
  return {
    round,
    answers: audited.map((answer) => answerOutcome(answer, ranking.qualities.get(answer))),
    judges: [...ranking.judges],
    controlsPassed,
    prompts: [...new Set(audited.map(({ challenge }) => promptKey(challenge.prompt)))],
  }
}

function answerOutcome(answer: AuditedAnswer, quality: number | undefined): AnswerOutcome {
  const { challenge, miner, result, correct } = answer
  const isGold = challenge.gold !== undefined
  return {
    challengeId: toHex(challenge.id),
    hotkey: miner.hotkey,
    model: miner.model.hash,
    result,
    surprise: Math.max(0, answer.surprise),
    // Scored challenges are never greedy: the configuration refuses temperature 0.
    greedy: false,
    gold: isGold,
    ...(challenge.gold === undefined ? {} : { family: challenge.gold.family }),
    ...(correct === undefined ? {} : { correct }),
    ...(answer.evidence === undefined ? {} : { evidence: answer.evidence }),
    ...(isGold || quality === undefined ? {} : { fieldQuality: quality }),
    ...(answer.milliseconds > 0 ? { tokensPerSecond: (answer.tokens * 1000) / answer.milliseconds } : {}),
  }
}

/** Phase 6, second half: one row a participant, in the order of the hotkeys. */
export function minerRows(
  participants: readonly Participant[],
  audited: readonly AuditedAnswer[],
  ranking: Ranking,
  scores: Readonly<Record<string, ScoreParts>>,
): MinerRow[] {
  const judges = new Map(ranking.judges.map((judge) => [judge.hotkey, judge]))
  const inOrder = [...participants].sort((a, b) => (a.hotkey < b.hotkey ? -1 : 1))
  return inOrder.map((miner) => {
    const answers = audited.filter((answer) => answer.miner.hotkey === miner.hotkey)
    const parts = scores[miner.hotkey]
    const judging = rowJudging(judges.get(miner.hotkey), parts)
    const count = (result: AuditedAnswer['result']) =>
      answers.filter((answer) => answer.result === result).length
    const gold = answers.filter(({ challenge }) => challenge.gold !== undefined)
    return {
      hotkey: miner.hotkey,
      uid: miner.uid,
      model: miner.model.name,
      score: parts?.score ?? 0,
      answer: parts?.answer ?? 0,
      judge: parts?.judge ?? 0,
      verified: parts?.verified ?? 0,
      quality: parts?.quality ?? 0,
      ...(parts === undefined ? {} : { terms: { ...parts.terms, speed: parts.speed } }),
      accepted: count('accept'),
      rejected: count('reject'),
      inconclusive: count('inconclusive'),
      missed: count('missed'),
      refused: count('refused'),
      goldAsked: gold.length,
      goldRight: gold.filter(({ correct }) => correct === true).length,
      winRate: mean(answers.flatMap((answer) => ranking.qualities.get(answer) ?? [])),
      surprise: sum(answers.filter(({ result }) => result === 'accept').map(({ surprise }) => surprise)),
      ...(judging === undefined ? {} : { judging }),
      penalisedUntil: parts?.penalisedUntil ?? 0,
      reasons: [...(parts?.reasons ?? []), ...firstFaults(answers)],
    }
  })
}

/** What was found of a miner's judging, and what it is trusted for it; undefined where it judged nothing. */
function rowJudging(judge: JudgeOutcome | undefined, parts: ScoreParts | undefined): RowJudging | undefined {
  if (judge?.checks === undefined) return undefined
  const { completed, asked, checks } = judge
  const { verdicts, replayed, mismatched, canaries, obeyed } = checks
  const found = { completed, asked, verdicts, replayed, mismatched, canaries, obeyed }
  return { ...found, trust: parts?.trust ?? 0 }
}

/** One example of each kind of fault is enough to act on; all of them would drown the row. */
function firstFaults(answers: readonly AuditedAnswer[]): string[] {
  const faults = new Map<string, string>()
  for (const { challenge, result, reason } of answers) {
    if (result === 'accept' || faults.has(result)) continue
    faults.set(result, `${result} at challenge ${challenge.index}: ${reason}`.slice(0, 200))
  }
  return [...faults.values()]
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : sum(values) / values.length
}
