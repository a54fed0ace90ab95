import type { Bar } from '../../suite.ts'
import type { SwarmPart } from '../part.ts'
import { playCells } from './play-cells.ts'
import { type Scenario, type ScenarioInput, scenarioSchema } from './scenario.ts'
import { estimate, ratioEstimate } from './statistics.ts'

const NODES = [15, 35, 64, 256]
/** A verdict prefers an answer that is worth 1 more with probability σ(3). */
const SKILL_EDGE = 3
const INVERTERS = 0.4

/** How often the best answer of a field comes out on top; errors are standard errors over the seeds. */
interface TopRow {
  readonly nodes: number
  readonly judges: 'honest' | 'inverters' | 'inverters, no verdict replayed'
  readonly top1: number
  readonly top1Error: number
  /** Over the honest. */
  readonly ratio: number
  readonly ratioError: number
  /** Fields that were ranked. */
  readonly fields: number
}

/** Whether a swarm finds its best answer: honest, and with judges that turn around what they think. */
export const measureTop1: SwarmPart = async (context) => {
  const rows: TopRow[] = []
  for (const nodes of context.quick ? NODES.slice(0, 3) : NODES) rows.push(...(await rowsOf(nodes, context)))
  const bars = rows.flatMap(({ nodes, judges, top1, top1Error, ratio, ratioError, fields }): Bar[] => {
    const size = nodes === NODES[0] ? '' : `.${nodes}`
    const asked = nodes === NODES[0]
    const note = `± ${(judges === 'honest' ? top1Error : ratioError).toFixed(3)}; ${nodes} nodes, ${fields} fields without gold, each judged by 3`
    if (judges === 'honest')
      return [{ name: `honest.top1${size}`, value: top1, unit: 'share', ...(asked && { floor: 0.6 }), note }]
    const suffix = judges === 'inverters' ? '' : '.noReplay'
    return [
      {
        name: `inverters40.top1Ratio${suffix}${size}`,
        value: ratio,
        unit: 'ratio',
        ...(asked && judges === 'inverters' && { floor: 0.9 }),
        note,
      },
    ]
  })
  return { facts: { skillEdge: SKILL_EDGE, rows }, bars }
}

async function rowsOf(nodes: number, context: Parameters<SwarmPart>[0]): Promise<TopRow[]> {
  const cells = [
    { judges: 'honest', scenario: scenarioOf(nodes, false, {}) },
    { judges: 'inverters', scenario: scenarioOf(nodes, true, {}) },
    {
      judges: 'inverters, no verdict replayed',
      scenario: scenarioOf(nodes, true, { verdictReplayShare: 0 }),
    },
  ] as const
  const [full, quick] = nodes > 100 ? [4, 1] : nodes > 30 ? [24, 1] : [80, 6]
  const played = await playCells(
    cells.map(({ scenario }) => scenario),
    context.quick ? quick : full,
    context,
    `${nodes} nodes`,
  )
  const shares = played.map((outcomes) => outcomes.map(({ found, ranked }) => found / ranked))
  return cells.map(({ judges }, at) => {
    const top1 = estimate(shares[at]!)
    const ratio = ratioEstimate(shares[at]!, shares[0]!)
    return {
      ...{ nodes, judges, top1: top1.mean, top1Error: top1.error },
      ...{ ratio: ratio.mean, ratioError: ratio.error },
      fields: played[at]!.reduce((sum, { ranked }) => sum + ranked, 0),
    }
  })
}

function scenarioOf(nodes: number, inverted: boolean, round: ScenarioInput['round']): Scenario {
  const skill = {
    quality: [-0.5, 1.5] as [number, number],
    judgeSkill: 1 / (1 + Math.exp(-SKILL_EDGE)),
  }
  const inverters = Math.floor(nodes * INVERTERS)
  return scenarioSchema.parse({
    groups: [
      { name: 'honest', count: nodes - inverters, ...skill },
      {
        ...{ name: 'inverters', count: inverters, ...skill },
        ...(inverted && { strategy: { kind: 'inverter' as const } }),
      },
    ],
    rounds: 4,
    challenges: 30,
    round: { maxJudged: 32, ...round },
  } satisfies ScenarioInput)
}
