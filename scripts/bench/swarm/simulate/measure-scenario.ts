import { StarlingError } from '../../../../shared/process/errors.ts'
import type { Bar } from '../../suite.ts'
import type { SwarmPart } from '../part.ts'
import { ofGroup } from './pay.ts'
import { playCells } from './play-cells.ts'
import type { SwarmOutcome } from './play-swarm.ts'
import type { Scenario } from './scenario.ts'
import { loadScorer } from './scorer.ts'
import { type Estimate, estimate, mean } from './statistics.ts'

/** What became of one group; errors are standard errors over the seeds. */
interface GroupRow {
  readonly group: string
  readonly count: number
  /** Pay a head, 1 being what everybody would get if all were paid alike. */
  readonly pay: Estimate
  /** Of its best-paid member, in each swarm. */
  readonly best: Estimate
  /** What answers alone would be paid; by the product's rules, whatever the scorer. */
  readonly answerPay: Estimate
  /** Share of unequal gold pairs that its judges judged rightly; null where they judged none. */
  readonly accuracy: Estimate | null
  /** Share of the rounds after which a member's verdicts weighed nothing. */
  readonly silenced: Estimate
  /** Share of ranked fields in which one of its answers came out on top. */
  readonly first: Estimate
}

/** Plays the swarm that a file describes. */
export const measureScenario: SwarmPart = async (context) => {
  const { scenario, quick } = context
  if (scenario === undefined)
    throw new StarlingError('BENCH_SCENARIO', 'there is no scenario to play', 'name a file with --scenario')
  // Before any thread looks for it.
  await loadScorer(scenario.scorer)
  const seeds = quick ? Math.min(4, scenario.seeds) : scenario.seeds
  const [outcomes] = await playCells([scenario], seeds, context, 'scenario')
  const groups = scenario.groups.map(({ name, count }): GroupRow => rowOf(scenario, outcomes!, name, count))
  const top1 = ranked(outcomes!, ({ found }) => found)
  return { facts: { seeds, groups, top1 }, bars: barsOf(groups, top1, seeds) }
}

function rowOf(
  scenario: Scenario,
  outcomes: readonly SwarmOutcome[],
  group: string,
  count: number,
): GroupRow {
  const heads = (values: readonly number[]) => ofGroup(scenario, group, values)
  const over = (values: readonly number[]) => mean(heads(values)) / mean(values)
  const sum = (values: readonly number[]) => heads(values).reduce((total, value) => total + value, 0)
  const accuracies = outcomes.flatMap(({ judgedRight, judgedWrong }) => {
    const [right, wrong] = [sum(judgedRight), sum(judgedWrong)]
    return right + wrong === 0 ? [] : [right / (right + wrong)]
  })
  return {
    ...{ group, count, pay: estimate(outcomes.map(({ pay }) => over(pay))) },
    best: estimate(outcomes.map(({ pay }) => Math.max(...heads(pay)) / mean(pay))),
    answerPay: estimate(outcomes.map(({ answerPay }) => over(answerPay))),
    accuracy: accuracies.length === 0 ? null : estimate(accuracies),
    silenced: estimate(outcomes.map(({ silenced }) => mean(heads(silenced)) / scenario.rounds)),
    first: ranked(outcomes, ({ first }) => sum(first)),
  }
}

/** A share of the fields that were ranked; 0 where none was. */
function ranked(outcomes: readonly SwarmOutcome[], of: (outcome: SwarmOutcome) => number): Estimate {
  const shares = outcomes.flatMap((outcome) => (outcome.ranked === 0 ? [] : [of(outcome) / outcome.ranked]))
  return shares.length === 0 ? { mean: 0, error: 0 } : estimate(shares)
}

function barsOf(groups: readonly GroupRow[], top1: Estimate, seeds: number): Bar[] {
  const figure = (name: string, { mean: value, error }: Estimate, unit: string): Bar => {
    // A normal approximation.
    const half = 1.96 * error
    const note = `95 %: ${(value - half).toFixed(3)} to ${(value + half).toFixed(3)}; ${seeds} swarms`
    return { name, value, unit, note }
  }
  return [
    ...groups.flatMap(({ group, pay, best, answerPay, accuracy, silenced, first }) => [
      figure(`scenario.${group}.pay`, pay, 'of an equal share'),
      figure(`scenario.${group}.best`, best, 'of an equal share'),
      figure(`scenario.${group}.answerPay`, answerPay, 'of an equal share'),
      ...(accuracy === null ? [] : [figure(`scenario.${group}.accuracy`, accuracy, 'share')]),
      figure(`scenario.${group}.silenced`, silenced, 'of the rounds'),
      figure(`scenario.${group}.first`, first, 'of fields'),
    ]),
    figure('scenario.top1', top1, 'share'),
  ]
}
