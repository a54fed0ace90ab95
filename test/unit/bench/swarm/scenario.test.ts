import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { measureScenario } from '../../../../scripts/bench/swarm/simulate/measure-scenario.ts'
import { readScenario, scenarioSchema } from '../../../../scripts/bench/swarm/simulate/scenario.ts'
import { loadScorer } from '../../../../scripts/bench/swarm/simulate/scorer.ts'
import {
  claimedWin,
  type SeenAnswer,
  type Strategy,
  strategySchema,
} from '../../../../scripts/bench/swarm/simulate/strategy.ts'

const folder = mkdtempSync(join(tmpdir(), 'starling-scenario-'))
afterAll(() => rmSync(folder, { recursive: true }))
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

describe('a scenario', () => {
  const groups = [{ name: 'a', count: 3 }]

  it('has everything that it leaves out, and its scorer beside it', async () => {
    const path = write(
      'good.json',
      JSON.stringify({ groups, scorer: 'wins.mjs', scoring: { judgeShare: 0.5 } }),
    )
    const scenario = await readScenario(path)
    expect(scenario).toMatchObject({
      groups: [{ model: 'small', pRight: 0.7, strategy: { kind: 'honest' } }],
      scorer: join(folder, 'wins.mjs'),
      scoring: { judgeShare: 0.5, verdictStrikes: 2 },
    })
  })

  it('that says something else is refused in one line that names the place', async () => {
    const refused = (name: string, value: unknown) =>
      expect(readScenario(write(name, typeof value === 'string' ? value : JSON.stringify(value)))).rejects
    await refused('a.json', '{').toThrow(/a\.json is no JSON/)
    await refused('b.json', {}).toThrow(/is no scenario: groups: /)
    await refused('c.json', { groups, nodes: 3 }).toThrow(/nodes/)
    await refused('d.json', { groups: [{ name: 'a', count: 0 }] }).toThrow(/groups\.0\.count/)
    await refused('e.json', { groups: [...groups, ...groups] }).toThrow(/two groups are called a/)
    await refused('f.json', { groups: [{ ...groups[0], strategy: { kind: 'evil' } }] }).toThrow(
      /strategy\.kind/,
    )
    await expect(readScenario(join(folder, 'none.json'))).rejects.toThrow(/can’t be read/)
  })

  it('is paid by the scorer that it names', async () => {
    const scorer = write('first.mjs', 'export const score = () => ({ "a-0": 3, "b-0": 1 })')
    const scenario = scenarioSchema.parse({
      groups: [
        { name: 'a', count: 1 },
        { name: 'b', count: 4 },
      ],
      ...{ rounds: 1, challenges: 2, seeds: 2, scorer },
    })
    const context = { quick: true, seed: 1, modelsFolder: '', threads: 1, now: () => 0, report() {} }
    const { facts, bars } = await measureScenario({ ...context, scenario })
    expect(facts).toMatchObject({ groups: [{ pay: { mean: 3.75 } }, { pay: { mean: 0.3125 } }] })
    expect(bars.find(({ name }) => name === 'scenario.b.best')?.value).toBe(1.25)
  })

  it('has no scorer that is none', async () => {
    await expect(loadScorer(write('no.mjs', 'export const pay = 1'))).rejects.toThrow(
      /no function called score/,
    )
    const negative = await loadScorer(write('negative.mjs', 'export const score = () => ({ a: -1 })'))
    expect(() => negative!([])).toThrow(/gave a the score -1/)
    const nothing = await loadScorer(write('nothing.mjs', 'export const score = () => null'))
    expect(() => nothing!([])).toThrow(/no scores/)
  })
})

describe('a judge', () => {
  const plain: SeenAnswer = { isMember: false, isFirst: false, isRight: true, isBestOfOthers: false }
  const [member, first] = [
    { ...plain, isMember: true },
    { ...plain, isMember: true, isFirst: true },
  ]
  const [wrong, best] = [
    { ...plain, isRight: false },
    { ...plain, isBestOfOthers: true },
  ]
  /** What it says of two answers where its model prefers the first of them. */
  const says = (strategy: Partial<Strategy>, a: SeenAnswer, b: SeenAnswer, chance = 0) =>
    claimedWin(strategySchema.parse(strategy), a, b, { honest: 1, other: 0 }, () => chance)

  it('that is honest says what its model does', () => {
    expect(says({}, plain, member)).toBe(1)
  })

  it('of a clique sides with its own, with one of them, or against the best of the others', () => {
    expect([says({ kind: 'clique' }, plain, member), says({ kind: 'clique' }, first, member)]).toEqual([0, 1])
    const boosting = { kind: 'clique', aim: 'first' } as const
    expect([says(boosting, member, first), says(boosting, plain, member)]).toEqual([0, 1])
    const demoting = { kind: 'clique', aim: 'best' } as const
    expect([says(demoting, best, plain), says(demoting, plain, wrong)]).toEqual([0, 1])
  })

  it('lies on equal pairs alone, or now and then, where its strategy says so', () => {
    const equal = { kind: 'clique', pairs: 'equal' } as const
    expect([says(equal, wrong, member), says(equal, plain, member)]).toEqual([1, 0])
    const sometimes = { kind: 'clique', share: 0.3 } as const
    expect([says(sometimes, plain, member, 0.2), says(sometimes, plain, member, 0.4)]).toEqual([0, 1])
  })

  it('inverts what is not its own, ties, tosses a coin or repeats another', () => {
    expect([says({ kind: 'inverter' }, plain, wrong), says({ kind: 'inverter' }, plain, member)]).toEqual([
      0, 0,
    ])
    expect(says({ kind: 'tie' }, plain, wrong)).toBe(0.5)
    expect([
      says({ kind: 'random' }, plain, wrong, 0.2),
      says({ kind: 'random' }, plain, wrong, 0.7),
    ]).toEqual([1, 0])
    expect(says({ kind: 'copy' }, plain, wrong)).toBe(0)
  })
})
