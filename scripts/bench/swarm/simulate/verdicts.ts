import type { ScheduledPair } from '../../../../shared/judging/pair-schedule.ts'
import type { SimulatedAnswer } from './answers.ts'
import type { Node } from './nodes.ts'
import type { Random } from './random.ts'
import { claimedWin, HONEST, type SeenAnswer, type Strategy, type Win } from './strategy.ts'

/** What a simulated judge says of one pair. */
export interface SimulatedVerdict {
  readonly win: Win
  /** Whether its model says the same under its seed: else a replay finds it. */
  readonly isOwn: boolean
}

/**
 * Verdicts of one judge on one field. Its model prefers a to b with probability σ(edge · (worth of a − worth of b)), where the edge
 * makes `judgeSkill` of a right answer beside a wrong one; on pairs of equal worth that is a coin.
 * @param strategy what it does instead; `HONEST` where it believes the challenge gold
 */
export function drawVerdicts(
  judge: Node,
  strategy: Strategy,
  answers: readonly SimulatedAnswer[],
  schedule: readonly ScheduledPair[],
  random: Random,
): SimulatedVerdict[] {
  const edge = Math.log(judge.group.judgeSkill / (1 - judge.group.judgeSkill))
  const seen = seenBy(judge, answers)
  return schedule.map(({ a, b }) => {
    const chance = 1 / (1 + Math.exp(-edge * (answers[a]!.worth - answers[b]!.worth)))
    const opinion = (): Win => (random() < chance ? 1 : 0)
    const honest = opinion()
    if (strategy.kind === 'honest') return { win: honest, isOwn: true }
    const win = claimedWin(strategy, seen[a]!, seen[b]!, { honest, other: opinion() }, random)
    return { win, isOwn: win === honest }
  })
}

/** How a judge behaves on one challenge, from what it was caught at and what it believes of the challenge. */
export function strategyFor({ group }: Node, isGold: boolean, strikes: number, random: Random): Strategy {
  const { strategy } = group
  const { detectsGold, stopsAfter } = strategy
  if (stopsAfter !== undefined && strikes >= stopsAfter) return HONEST
  if (detectsGold === undefined) return strategy
  const believesGold = random() < detectsGold ? isGold : !isGold
  return believesGold ? HONEST : strategy
}

function seenBy(judge: Node, answers: readonly SimulatedAnswer[]): SeenAnswer[] {
  const isMember = ({ node }: SimulatedAnswer) => node.group === judge.group
  let best = -1
  answers.forEach((answer, at) => {
    if (!isMember(answer) && (best < 0 || answer.worth > answers[best]!.worth)) best = at
  })
  return answers.map((answer, at) => ({
    isMember: isMember(answer),
    isFirst: isMember(answer) && answer.node.member === 0,
    isRight: answer.isRight,
    isBestOfOthers: at === best,
  }))
}
