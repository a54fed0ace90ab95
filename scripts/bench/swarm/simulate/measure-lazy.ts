import type { Bar } from '../../suite.ts'
import type { SwarmPart } from '../part.ts'
import { payAHead } from './pay.ts'
import { playCells } from './play-cells.ts'
import { type Scenario, type ScenarioInput, scenarioSchema } from './scenario.ts'
import type { Strategy } from './strategy.ts'

/** Of an honest miner's revenue: what answering costs, and what judging costs of that. */
const ANSWERING = 0.5
const JUDGING = 0.2 * ANSWERING

const KINDS = ['tie', 'random', 'copy'] as const
const OFTEN = [1, 0.5, 0.1]
/** How good answers and judges are: the first is the bar's, the others say how it depends on them. */
const SKILLS = [
  { pRight: 0.7, judgeSkill: 0.85 },
  { pRight: 0.9, judgeSkill: 0.85 },
  { pRight: 0.5, judgeSkill: 0.85 },
  { pRight: 0.7, judgeSkill: 0.7 },
  { pRight: 0.7, judgeSkill: 0.6 },
]

interface LazyRow {
  readonly strategy: (typeof KINDS)[number]
  /** Share of its verdicts that it doesn't compute. */
  readonly share: number
  readonly stopsAfter: number | null
  readonly pRight: number
  readonly judgeSkill: number
  /** Over an honest miner's pay; the standard error over the seeds. */
  readonly pay: number
  readonly payError: number
  /** Pay lost and cost saved, of an honest miner's revenue. */
  readonly gain: number
}

/** Whether it pays to judge without computing. What a lazy judge says is false only where its model says otherwise: its words are given for free. */
export const measureLazy: SwarmPart = async (context) => {
  const ways = KINDS.flatMap((kind) => [
    ...OFTEN.map((share): Partial<Strategy> => ({ kind, share })),
    { kind, share: 1, stopsAfter: 1 },
  ])
  const skills = context.quick ? SKILLS.slice(0, 1) : SKILLS
  const cells = skills.flatMap((skill) => [{ skill, way: undefined }, ...ways.map((way) => ({ skill, way }))])
  const seeds = context.quick ? 2 : 10
  const scenarios = cells.map(({ skill, way }) => scenarioOf(skill, way))
  const played = await playCells(scenarios, seeds, context, 'lazy judges')
  const rows = cells.flatMap(({ skill, way }, at): LazyRow[] => {
    if (way === undefined) return []
    const control = cells.findIndex((cell) => cell.skill === skill && cell.way === undefined)
    const pay = payAHead(
      { scenario: scenarios[at]!, outcomes: played[at]! },
      { scenario: scenarios[control]!, outcomes: played[control]! },
      ['lazy', 'honest'],
    )
    const share = way.share!
    return [
      {
        ...{ strategy: way.kind as LazyRow['strategy'], share, stopsAfter: way.stopsAfter ?? null, ...skill },
        ...{ pay: pay.mean, payError: pay.error, gain: pay.mean - 1 + share * JUDGING },
      },
    ]
  })
  return {
    facts: { seeds, answeringCost: ANSWERING, judgingCost: JUDGING, rows },
    bars: barsOf(skills, rows),
  }
}

function barsOf(skills: typeof SKILLS, rows: readonly LazyRow[]): Bar[] {
  return skills.map(({ pRight, judgeSkill }, at): Bar => {
    const worst = rows
      .filter((row) => row.pRight === pRight && row.judgeSkill === judgeSkill)
      .reduce((most, row) => (row.gain > most.gain ? row : most))
    const how = `${worst.strategy} on ${(100 * worst.share).toFixed(0)} % of verdicts${worst.stopsAfter === null ? '' : ' until the first mismatch'}`
    const note = `± ${worst.payError.toFixed(3)}; ${how}; answers right ${pRight}, honest judges ${judgeSkill}`
    const suffix = at === 0 ? '' : `.right${100 * pRight}.judge${100 * judgeSkill}`
    return {
      ...{ name: `lazyJudge.gain${suffix}`, value: worst.gain, unit: 'of honest revenue' },
      ...(at === 0 && { floor: 0 }),
      note,
    }
  })
}

function scenarioOf(skill: (typeof SKILLS)[number], way: Partial<Strategy> | undefined): Scenario {
  return scenarioSchema.parse({
    groups: [
      { name: 'lazy', count: 3, ...skill, ...(way && { strategy: way }) },
      { name: 'honest', count: 12, ...skill },
    ],
    rounds: 6,
    challenges: 30,
    round: { maxJudged: 32 },
  } satisfies ScenarioInput)
}
