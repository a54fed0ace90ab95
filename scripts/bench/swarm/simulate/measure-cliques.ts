import type { Bar } from '../../suite.ts'
import type { SwarmContext, SwarmPart } from '../part.ts'
import {
  CLIQUES,
  type CliqueStrategy,
  cliqueScenario,
  OTHER_SETTINGS,
  PRODUCT,
  type Setting,
} from './cliques.ts'
import { bestPaid, luckiest, ofGroup, payAHead } from './pay.ts'
import { playCells } from './play-cells.ts'
import type { SwarmOutcome } from './play-swarm.ts'
import type { Scenario } from './scenario.ts'
import { mean } from './statistics.ts'

const SHARES = [20, 40, 60]
const NODES = [15, 35]

/** What one clique was paid over honest miners; errors are standard errors over the seeds. */
export interface CliqueRow {
  readonly setting: string
  /** Percent of the nodes. */
  readonly clique: number
  readonly nodes: number
  readonly strategy: string
  readonly alone: boolean
  readonly full: number
  readonly fullError: number
  readonly answer: number
  readonly answerError: number
  /** The member that is paid best for what the strategy makes of it. */
  readonly best: number
  readonly bestError: number
  /** The member with most luck, over the luckiest of the same clique where it is honest. */
  readonly luckiest: number
  readonly luckiestError: number
  /** Rounds after which a member's verdicts weighed nothing, on average, and the same of an honest judge. */
  readonly silencedRounds: number
  readonly honestSilencedRounds: number
}

interface Cell {
  readonly setting: Setting
  readonly clique: number
  readonly nodes: number
  readonly alone: boolean
  readonly way: CliqueStrategy | undefined
  readonly scenario: Scenario
}

/** Cliques whose answers are as good as everybody's, in all the ways that they may judge. */
export const measureCliques: SwarmPart = async (context) => {
  const seeds = context.quick ? 2 : 40
  const bars = SHARES.flatMap((clique) => NODES.flatMap((nodes) => cellsOf(PRODUCT, clique, nodes, CLIQUES)))
  const others = OTHER_SETTINGS.flatMap((setting) =>
    cellsOf(
      setting,
      40,
      15,
      CLIQUES.filter(({ alone }) => alone),
    ),
  )
  const rows = await playRows([...bars, ...others], seeds, context)
  const worst = SHARES.map((clique) =>
    worstBar(
      `clique${clique}.pay`,
      seeds,
      rows.filter((row) => row.clique === clique && row.setting === PRODUCT.name),
    ),
  )
  const beside = OTHER_SETTINGS.map((setting) =>
    worstBar(
      `clique40.pay.${setting.name.replaceAll(/[^\w]+/g, '-')}`,
      seeds,
      rows.filter((row) => row.setting === setting.name),
    ),
  )
  return { facts: { seeds, cells: rows }, bars: [...worst, ...beside] }
}

/** The honest control of each layout, and every way to collude. */
function cellsOf(setting: Setting, clique: number, nodes: number, ways: readonly CliqueStrategy[]): Cell[] {
  const layouts = [...new Set(ways.map(({ alone }) => alone))]
  return [
    ...layouts.map((alone) => ({ alone, way: undefined })),
    ...ways.map((way) => ({ alone: way.alone, way })),
  ].map(({ alone, way }) => ({
    ...{ setting, clique, nodes, alone, way },
    scenario: cliqueScenario(nodes, clique, alone, way, setting),
  }))
}

async function playRows(cells: readonly Cell[], seeds: number, context: SwarmContext): Promise<CliqueRow[]> {
  const outcomes = await playCells(
    cells.map(({ scenario }) => scenario),
    seeds,
    context,
    'cliques',
  )
  return cells.flatMap((cell, at) => {
    if (cell.way === undefined) return []
    const control = cells.findIndex(
      ({ setting, clique, nodes, alone, way }) =>
        way === undefined &&
        setting === cell.setting &&
        clique === cell.clique &&
        nodes === cell.nodes &&
        alone === cell.alone,
    )
    return [rowOf(cell, outcomes[at]!, cells[control]!, outcomes[control]!)]
  })
}

function rowOf(
  { setting, clique, nodes, alone, way, scenario }: Cell,
  outcomes: readonly SwarmOutcome[],
  honest: Cell,
  honestOutcomes: readonly SwarmOutcome[],
): CliqueRow {
  const [played, control] = [
    { scenario, outcomes },
    { scenario: honest.scenario, outcomes: honestOutcomes },
  ]
  const groups = ['clique', 'honest'] as const
  const full = payAHead(played, control, groups)
  const answer = payAHead(played, control, groups, 'answerPay')
  const best = bestPaid(played, control, groups)
  const lucky = luckiest(played, control, groups)
  const silenced = (group: string) =>
    mean(outcomes.map((outcome) => mean(ofGroup(scenario, group, outcome.silenced))))
  return {
    ...{ setting: setting.name, clique, nodes, strategy: way!.name, alone },
    ...{ full: full.mean, fullError: full.error, answer: answer.mean, answerError: answer.error },
    ...{ best: best.mean, bestError: best.error },
    ...{ luckiest: lucky.mean, luckiestError: lucky.error },
    silencedRounds: silenced('clique'),
    honestSilencedRounds: silenced('honest'),
  }
}

/** The most that any way is paid in any sense. */
function worstBar(name: string, seeds: number, rows: readonly CliqueRow[]): Bar {
  const figures = rows.flatMap((row) => [
    { row, what: 'full pay', value: row.full, error: row.fullError },
    { row, what: 'answer pay', value: row.answer, error: row.answerError },
    { row, what: 'pay of its best-paid member', value: row.best, error: row.bestError },
    { row, what: 'pay of its luckiest member', value: row.luckiest, error: row.luckiestError },
  ])
  const { row, what, value, error } = figures.reduce((most, one) => (one.value > most.value ? one : most))
  const full = Math.max(...rows.map((one) => one.full))
  return {
    ...{ name, value, unit: 'ratio', floor: 1.05 },
    note: `± ${error.toFixed(3)}: ${what}, ${row.strategy}, ${row.alone ? 'alone on a model' : 'on everybody’s model'}, n = ${row.nodes}; worst full pay ${full.toFixed(3)}; ${rows.length} cliques × ${seeds} seeds`,
  }
}
