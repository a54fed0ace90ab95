import { pairOrderSeed, pairSchedule } from '../../../../shared/judging/pair-schedule.ts'
import { judgementPreferences } from '../../../../shared/judging/preferences.ts'
import { replayedVerdicts } from '../../../../shared/judging/replay-lot.ts'
import { toHex } from '../../../../shared/proof/hash.ts'
import { type FieldJudgement, rankFields } from '../../../../validator/round/rank.ts'
import { rankRules, replayShares } from '../../../../validator/round/rank-answers.ts'
import type { AnswerOutcome, RoundOutcome } from '../../../../validator/scoring/outcome.ts'
import type { ScoreBook } from '../../../../validator/scoring/score-book.ts'
import { isSilenced } from '../../../../validator/scoring/verdict-strikes.ts'
import { drawAnswers, type SimulatedAnswer } from './answers.ts'
import { planChallenges, type SimulatedChallenge } from './challenges.ts'
import type { Node } from './nodes.ts'
import { randomOf, seedOf } from './random.ts'
import type { Scenario } from './scenario.ts'
import { drawVerdicts, strategyFor } from './verdicts.ts'

/** One challenge as it was played. */
export interface PlayedField {
  readonly challenge: SimulatedChallenge
  /** All that were sent, and those that judges saw, in their order. */
  readonly answers: readonly SimulatedAnswer[]
  readonly shown: readonly SimulatedAnswer[]
  readonly judgements: readonly FieldJudgement[]
  /** Of those shown; undefined where nobody judged. */
  readonly qualities: readonly number[] | undefined
}

export interface PlayedRound {
  readonly fields: readonly PlayedField[]
  readonly outcome: RoundOutcome
}

/**
 * Plays one round: what answers and verdicts say is drawn, and whether a replayed verdict is the judge's own is known; all else, from
 * roles to the outcome, is what the product makes of it.
 */
export function playRound(
  nodes: readonly Node[],
  book: ScoreBook,
  scoreOf: (hotkey: string) => number,
  { seed, round }: { readonly seed: number; readonly round: number },
  scenario: Scenario,
): PlayedRound {
  const { scoring, challenges: count } = scenario
  const known = {
    scoreOf,
    isSilenced: (hotkey: string) => isSilenced(book.miners[hotkey], undefined, scoring),
  }
  const challenges = planChallenges(nodes, known, { seed, round, count }, scenario.round)
  const sent = challenges.map((challenge, index) =>
    playChallenge(challenge, book, { seed, round, index }, scenario),
  )
  const judged = sent.filter(({ judgements }) => judgements.length > 0)
  const rules = rankRules(book, scoring, true)
  const { qualities, judges } = rankFields(
    judged.map(({ challenge, shown, judgements }) => ({
      correct: shown.map(({ isRight }) => (challenge.isGold ? isRight : null)),
      owners: shown.map(({ node }) => node.hotkey),
      judgements,
    })),
    rules.weightOf,
    rules.isSilenced,
  )
  const qualitiesOf = new Map(judged.map((field, at) => [field, [...qualities[at]!]]))
  const fields = sent.map((field) => ({ ...field, qualities: qualitiesOf.get(field) }))
  const answers = fields.flatMap(answerOutcomes)
  return { fields, outcome: { round, answers, judges: [...judges], controlsPassed: true } }
}

type Sent = Omit<PlayedField, 'qualities'>

function playChallenge(
  challenge: SimulatedChallenge,
  book: ScoreBook,
  { seed, round, index }: { readonly seed: number; readonly round: number; readonly index: number },
  { round: config, scoring, mismatch }: Scenario,
): Sent {
  const { id, isGold, answerers, judges } = challenge
  const recordOf = (hotkey: string) => book.miners[hotkey]
  const answers = drawAnswers(answerers, round, recordOf, randomOf(seed, 'answers', round, index))
  const shown = answers.filter(({ result }) => result === 'accept').slice(0, config.maxJudged)
  const shareOf = replayShares(book, config, scoring)
  const lot = seedOf(seed, 'lot', round, index)
  const judging = shown.length < 2 ? [] : judges
  const judgements = judging.map((judge) => {
    const random = randomOf(seed, 'judge', round, index, judge.index)
    const strikes = recordOf(judge.hotkey)?.judge?.mismatches.length ?? 0
    const strategy = strategyFor(judge, isGold, strikes, random)
    const schedule = pairSchedule(shown.length, pairOrderSeed(id, judge.publicKey))
    const verdicts = drawVerdicts(judge, strategy, shown, schedule, random)
    const numbers = schedule.map((_, k) => k)
    const share = shareOf(judge.hotkey, isGold)
    const replayed = replayedVerdicts(lot, judge.publicKey, numbers, share)
    const mismatched = replayed.filter((k) => !verdicts[k]!.isOwn || random() < mismatch)
    return {
      judge: { hotkey: judge.hotkey, model: judge.model, method: 'prompted' as const },
      preferences: judgementPreferences(
        schedule,
        verdicts.map(({ win }) => nameOf(win)),
      ),
      checks: {
        ...{ verdicts: verdicts.length, tokens: 0 },
        ...{ replayed: replayed.length, mismatched: mismatched.length },
      },
    }
  })
  return { challenge, answers, shown, judgements }
}

function nameOf(win: number): 'A' | 'B' | undefined {
  if (win === 0.5) return undefined
  return win === 1 ? 'A' : 'B'
}

function answerOutcomes({ challenge, answers, shown, qualities }: PlayedField): AnswerOutcome[] {
  const qualityOf = new Map(shown.map((answer, at) => [answer, qualities?.[at]]))
  const challengeId = toHex(challenge.id)
  return answers.map((answer) => {
    const { node, result, isRight } = answer
    const isAccepted = result === 'accept'
    const fieldQuality = qualityOf.get(answer)
    return {
      ...{ challengeId, hotkey: node.hotkey, model: node.model, result, greedy: false },
      surprise: isAccepted ? node.group.surprise : 0,
      gold: challenge.isGold,
      ...(challenge.isGold && isAccepted ? { correct: isRight } : {}),
      ...(!challenge.isGold && isAccepted && fieldQuality !== undefined ? { fieldQuality } : {}),
    }
  })
}
