import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { playSwarm } from '../../../scripts/bench/swarm/simulate/play-swarm.ts'
import { readScenario } from '../../../scripts/bench/swarm/simulate/scenario.ts'
import { loadScorer } from '../../../scripts/bench/swarm/simulate/scorer.ts'

const FOLDER = 'docs/examples/swarm'
const SCENARIOS = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))

it.each(SCENARIOS)('%s says who takes part, and can be played', async (name) => {
  const scenario = await readScenario(join(FOLDER, name))
  const scorer = await loadScorer(scenario.scorer)
  const short = { ...scenario, rounds: 2, challenges: 6 }
  const { pay, ranked } = playSwarm(short, 1, scorer)
  const miners = scenario.groups.reduce((sum, { count }) => sum + count, 0)
  expect(pay).toHaveLength(miners)
  expect(pay.every((sum) => Number.isFinite(sum) && sum >= 0)).toBe(true)
  expect(ranked).toBeGreaterThan(0)
})

it('there is one with a scorer of its own, which pays a clique more than the product does', async () => {
  const scenario = await readScenario(join(FOLDER, 'clique-by-wins.json'))
  const scorer = await loadScorer(scenario.scorer)
  const ratio = (pay: readonly number[]) => {
    const mean = (some: readonly number[]) => some.reduce((sum, one) => sum + one, 0) / some.length
    return mean(pay.slice(9)) / mean(pay.slice(0, 9))
  }
  expect(ratio(playSwarm({ ...scenario, rounds: 4, challenges: 12 }, 1, scorer).pay)).toBeGreaterThan(1.1)
})
