import { nodesOf } from './nodes.ts'
import type { SwarmOutcome } from './play-swarm.ts'
import type { Scenario } from './scenario.ts'
import { type Estimate, mean, ratioEstimate } from './statistics.ts'

/** Values of the nodes of one group, in the order of its members. */
export function ofGroup(
  scenario: Pick<Scenario, 'groups'>,
  name: string,
  values: readonly number[],
): number[] {
  return nodesOf(scenario).flatMap(({ group, index }) => (group.name === name ? values[index]! : []))
}

/** Which of what nodes earn: everything, or what answers alone would. */
export type PayKind = 'pay' | 'answerPay'

/** Pay of each member of a group over the mean of another's, in one swarm. */
export function relativePay(
  scenario: Pick<Scenario, 'groups'>,
  outcome: SwarmOutcome,
  [group, others]: readonly [string, string],
  kind: PayKind = 'pay',
): number[] {
  const reference = mean(ofGroup(scenario, others, outcome[kind]))
  return ofGroup(scenario, group, outcome[kind]).map((value) => value / reference)
}

/**
 * Pay a head of a group over that of another, by seed, over the same in the swarms where the group is honest: what luck does to both cancels.
 * Without controls, the plain ratio.
 */
export function payAHead(
  played: Played,
  control: Played | undefined,
  groups: readonly [string, string],
  kind: PayKind = 'pay',
): Estimate {
  const heads = ({ scenario, outcomes }: Played) =>
    outcomes.map((outcome) => mean(relativePay(scenario, outcome, groups, kind)))
  const above = heads(played)
  return ratioEstimate(above, control === undefined ? above.map(() => 1) : heads(control))
}

/**
 * Pay of the member that a strategy can favour, the first, and of the others: whichever is more. All others are alike to it, so that
 * what one of them earns beyond their mean is luck.
 */
export function bestPaid(played: Played, control: Played, groups: readonly [string, string]): Estimate {
  const [first, others] = [
    ([member]: readonly number[]) => member!,
    (members: readonly number[]) => mean(members.slice(1)),
  ].map((roleOf) =>
    ratioEstimate(membersOf(played, groups).map(roleOf), membersOf(control, groups).map(roleOf)),
  ) as [Estimate, Estimate]
  return first.mean > others.mean || Number.isNaN(others.mean) ? first : others
}

/** Pay of whichever member has most luck in a swarm, over that of whichever has it where the group is honest. */
export function luckiest(played: Played, control: Played, groups: readonly [string, string]): Estimate {
  return ratioEstimate(
    membersOf(played, groups).map((members) => Math.max(...members)),
    membersOf(control, groups).map((members) => Math.max(...members)),
  )
}

function membersOf({ scenario, outcomes }: Played, groups: readonly [string, string]): number[][] {
  return outcomes.map((outcome) => relativePay(scenario, outcome, groups))
}

/** A scenario with what came of it, by seed. */
export interface Played {
  readonly scenario: Scenario
  readonly outcomes: readonly SwarmOutcome[]
}
