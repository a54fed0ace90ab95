import { type Scenario, type ScenarioInput, scenarioSchema } from './scenario.ts'
import type { Strategy } from './strategy.ts'

/** A way to collude, and whether the clique has a model to itself. */
export interface CliqueStrategy {
  readonly name: string
  readonly alone: boolean
  readonly strategy: Partial<Strategy>
}

const WAYS: readonly { readonly name: string; readonly strategy: Partial<Strategy> }[] = [
  { name: 'always', strategy: {} },
  { name: 'on equal pairs', strategy: { pairs: 'equal' } },
  { name: '30 % of the time', strategy: { share: 0.3 } },
  { name: 'detecting gold at .9', strategy: { detectsGold: 0.9 } },
  { name: 'boosting one member', strategy: { aim: 'first' } },
  { name: 'demoting the best', strategy: { aim: 'best' } },
]

/** Alone on a model, what a clique wins is not shared with honest miners of it: there the mixed ways are tried, too. */
const MIXED: typeof WAYS = [
  { name: 'on equal pairs, 30 % of the time', strategy: { pairs: 'equal', share: 0.3 } },
  { name: 'on equal pairs, detecting gold at .9', strategy: { pairs: 'equal', detectsGold: 0.9 } },
  { name: 'always, until the first mismatch', strategy: { stopsAfter: 1 } },
]

export const CLIQUES: readonly CliqueStrategy[] = [
  ...WAYS.map((way) => ({ ...way, alone: false })),
  ...[...WAYS, ...MIXED].map((way) => ({ ...way, alone: true })),
]

/** What is changed of the product's rules, and for how long the clique is watched. */
export interface Setting {
  readonly name: string
  /** Of 30 challenges each. */
  readonly rounds: number
  readonly round?: ScenarioInput['round']
  readonly scoring?: ScenarioInput['scoring']
}

/** As the bar has it: 60 challenges. */
export const PRODUCT: Setting = { name: 'product', rounds: 2 }

/** With so little gold the entrance exam would take longer than cliques are watched, and nobody would be paid. */
const LITTLE_GOLD = { examAnswers: 1, examRight: 0 }

/** Settings beside it, to see what the rules do. */
export const OTHER_SETTINGS: readonly Setting[] = [
  { name: '180 challenges', rounds: 6 },
  { name: 'gold share .3', rounds: 2, round: { goldShare: 0.3 }, scoring: LITTLE_GOLD },
  { name: 'no verdict replayed', rounds: 2, round: { verdictReplayShare: 0 } },
  {
    name: 'no verdict replayed, gold share .3',
    rounds: 2,
    round: { verdictReplayShare: 0, goldShare: 0.3 },
    scoring: LITTLE_GOLD,
  },
]

/**
 * A clique whose answers are as good as everybody's. Every answer differs from every other, so that all pairs are asked: where right answers
 * are alike, no judge is asked about two of them.
 * @param share of the nodes, in percent
 * @param way undefined for the same nodes being honest
 */
export function cliqueScenario(
  nodes: number,
  share: number,
  alone: boolean,
  way: CliqueStrategy | undefined,
  { rounds, round, scoring }: Setting,
): Scenario {
  const count = Math.floor((nodes * share) / 100 + 1e-9)
  const strategy = way === undefined ? {} : { kind: 'clique' as const, ...way.strategy }
  return scenarioSchema.parse({
    groups: [
      { name: 'clique', count, model: alone ? 'own' : 'small', strategy },
      { name: 'honest', count: nodes - count, model: 'small' },
    ],
    rounds,
    challenges: 30,
    round: { maxJudged: 32, ...round },
    ...(scoring !== undefined && { scoring }),
  } satisfies ScenarioInput)
}
