import { describe, expect, it } from 'vitest'
import { drawAnswers } from '../../../../scripts/bench/swarm/simulate/answers.ts'
import { CLIQUES, cliqueScenario, type Setting } from '../../../../scripts/bench/swarm/simulate/cliques.ts'
import { nodesOf } from '../../../../scripts/bench/swarm/simulate/nodes.ts'
import { luckiest, payAHead } from '../../../../scripts/bench/swarm/simulate/pay.ts'
import { playSwarm } from '../../../../scripts/bench/swarm/simulate/play-swarm.ts'
import { randomOf } from '../../../../scripts/bench/swarm/simulate/random.ts'
import { type ScenarioInput, scenarioSchema } from '../../../../scripts/bench/swarm/simulate/scenario.ts'
import { estimate, ratioEstimate } from '../../../../scripts/bench/swarm/simulate/statistics.ts'
import { playAll } from '../../../../scripts/bench/swarm/simulate/workers/play-all.ts'
import { newRecord } from '../../../../validator/scoring/miner-record.ts'

const scenarioOf = (groups: ScenarioInput['groups'], change: Partial<ScenarioInput> = {}) =>
  scenarioSchema.parse({ rounds: 2, challenges: 16, ...change, groups })

describe('a simulated clique', () => {
  const way = CLIQUES.find(({ name, alone }) => alone && name === 'detecting gold at .9')!
  const played = (round: Setting['round'], of: typeof way | undefined) => {
    const scenario = cliqueScenario(15, 60, true, of, { name: 'test', rounds: 2, ...(round && { round }) })
    return { scenario, outcomes: [1, 2, 3, 4].map((seed) => playSwarm(scenario, seed)) }
  }
  const answerPay = (round: Setting['round']) =>
    payAHead(played(round, way), played(round, undefined), ['clique', 'honest'], 'answerPay').mean

  it('is paid for lying where no verdict is replayed, so that the bar can fail', () => {
    expect(answerPay({ verdictReplayShare: 0 })).toBeGreaterThan(1.1)
  })

  it('is paid little for it where they are, and loses what judging pays', () => {
    const [cheats, honest] = [played(undefined, way), played(undefined, undefined)]
    expect(payAHead(cheats, honest, ['clique', 'honest'], 'answerPay').mean).toBeLessThan(1.06)
    expect(payAHead(cheats, honest, ['clique', 'honest']).mean).toBeLessThan(1)
    expect(luckiest(cheats, honest, ['clique', 'honest']).mean).toBeLessThan(1.05)
    const silenced = cheats.outcomes.map((outcome) => outcome.silenced)
    expect(silenced.flatMap((of) => of.slice(9)).every((rounds) => rounds === 0)).toBe(true)
    expect(silenced.flatMap((of) => of.slice(0, 9)).some((rounds) => rounds > 0)).toBe(true)
  })

  it('that is honest is paid as others are', () => {
    const honest = played(undefined, undefined)
    expect(payAHead(honest, honest, ['clique', 'honest'])).toEqual({ mean: 1, error: 0 })
  })
})

describe('swarms of many seeds', () => {
  const scenario = scenarioOf([
    { name: 'clique', count: 4, strategy: { kind: 'clique' } },
    { name: 'honest', count: 5 },
  ])
  const jobs = [1, 2, 3, 4].map((seed) => ({ scenario, seed }))

  it('come out the same in one thread and in two', async () => {
    const dones: number[] = []
    const alone = await playAll(jobs, 1, () => {})
    const together = await playAll(jobs, 2, (done) => dones.push(done))
    expect(together).toEqual(alone)
    expect(dones).toEqual([1, 2, 3, 4])
    expect(alone[0]).not.toEqual(alone[1])
  })

  it('end with the first error of a thread', async () => {
    const scorer = '/nowhere/scorer.mjs'
    const bad = [{ scenario: { ...scenario, scorer }, seed: 1 }]
    await expect(playAll([...bad, ...jobs], 2, () => {})).rejects.toMatchObject({
      code: 'BENCH_SCENARIO',
      message: expect.stringContaining(scorer),
    })
  })
})

describe('hotkeys with one generation', () => {
  const group = (change: object) =>
    nodesOf(
      scenarioOf([
        { name: 'owner', count: 3, surprise: 40, ...change },
        { name: 'other', count: 1 },
      ]),
    )
  const answersOf = (change: object, round = 0) =>
    drawAnswers(group(change), round, () => undefined, randomOf(1)).map(({ result, isMade }) => [
      result,
      isMade,
    ])

  it('copy it, and fail under their own seeds', () => {
    const made = ['accept', true]
    expect(answersOf({ sharing: {} })).toEqual([made, ['reject', false], ['reject', false], made])
    expect(answersOf({ sharing: { others: 'miss' } })).toEqual([
      made,
      ['missed', false],
      ['missed', false],
      made,
    ])
  })

  it('pass where nothing in it surprises', () => {
    expect(answersOf({ sharing: {}, surprise: 0 }).map(([result]) => result)).toEqual(Array(4).fill('accept'))
  })

  it('have none where the first is not asked, unless they take turns among the unpunished', () => {
    const [, ...rest] = group({ sharing: {} })
    expect(drawAnswers(rest, 0, () => undefined, randomOf(1))[0]!.result).toBe('missed')
    const turns = group({ sharing: { by: 'any' } })
    const punished = (hotkey: string) =>
      hotkey === turns[0]!.hotkey ? { ...newRecord(0), penalisedUntil: 5 } : undefined
    const made = drawAnswers(turns, 3, punished, randomOf(1)).map(({ isMade }) => isMade)
    expect(made).toEqual([false, true, false, true])
  })
})

describe('estimates', () => {
  it('have the error of a mean, and none of one value', () => {
    expect(estimate([1, 3])).toEqual({ mean: 2, error: 1 })
    expect(estimate([4])).toEqual({ mean: 4, error: 0 })
  })

  it('of paired ratios are sure where pairs share their luck', () => {
    expect(ratioEstimate([2, 4, 8], [1, 2, 4])).toEqual({ mean: 2, error: 0 })
    expect(ratioEstimate([2, 5, 7], [1, 2, 4]).error).toBeGreaterThan(0.1)
  })
})
