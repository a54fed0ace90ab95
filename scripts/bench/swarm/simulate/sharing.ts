import { ofGroup } from './pay.ts'
import type { SwarmOutcome } from './play-swarm.ts'
import { type Scenario, type ScenarioInput, scenarioSchema } from './scenario.ts'
import { mean } from './statistics.ts'

/** Honest miners of other owners beside the group. */
export const STRANGERS = 15

type GroupInput = ScenarioInput['groups'][number]

/** Fifteen honest miners, and some hotkeys of one owner. */
export function ownerScenario(owner: Omit<GroupInput, 'name'>): Scenario {
  return scenarioSchema.parse({
    groups: [
      { name: 'owner', ...owner },
      { name: 'strangers', count: STRANGERS },
    ],
    rounds: 6,
    challenges: 30,
    round: { maxJudged: 32 },
  } satisfies ScenarioInput)
}

/** What the owner's hotkeys come to together, in strangers, by seed. */
export function together(
  scenario: Scenario,
  outcomes: readonly SwarmOutcome[],
  what: 'pay' | 'answerPay' | 'made',
): number[] {
  return outcomes.map((outcome) => {
    const own = ofGroup(scenario, 'owner', outcome[what]).reduce((sum, value) => sum + value, 0)
    return own / mean(ofGroup(scenario, 'strangers', outcome[what]))
  })
}
