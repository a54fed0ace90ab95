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
/** How many swarms of each clique; larger ones differ less from each other. */
const FULL = [
  { nodes: 15, seeds: 40 },
  { nodes: 35, seeds: 20 },
]
const QUICK = [{ nodes: 15, seeds: 2 }]

/** What one clique was paid over honest miners; errors are standard errors over the seeds. */
export interface CliqueRow {
  readonly setting: string
  /** Percent of the nodes. */
  readonly clique: number
  readonly nodes: number
  readonly strategy: string
  readonly alone: boolean
  readonly seeds: number
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
  const { quick } = context
  const rows: CliqueRow[] = []
  for (const { nodes, seeds } of quick ? QUICK : FULL) {
    const cells = SHARES.flatMap((clique) => cellsOf(PRODUCT, clique, nodes, CLIQUES))
    rows.push(...(await playRows(cells, seeds, context)))
  }
  const settings = quick
    ? OTHER_SETTINGS.filter(({ round }) => round?.verdictReplayShare === 0)
    : OTHER_SETTINGS
  const alone = CLIQUES.filter((way) => way.alone)
  const others = settings.flatMap((setting) => cellsOf(setting, 40, 15, alone))
  rows.push(...(await playRows(others, quick ? 2 : 20, context)))
  const of = (setting: Setting) => rows.filter((row) => row.setting === setting.name)
  const bars = [
    ...SHARES.map((clique) =>
      worstBar(
        `clique${clique}.pay`,
        1.05,
        of(PRODUCT).filter((row) => row.clique === clique),
      ),
    ),
    ...settings.map((setting) =>
      worstBar(`clique40.pay.${setting.name.replaceAll(/[^\w]+/g, '-')}`, undefined, of(setting)),
    ),
  ]
  return { facts: { seeds: (quick ? QUICK : FULL)[0]!.seeds, cells: rows }, bars }
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
    seeds: outcomes.length,
    ...{ full: full.mean, fullError: full.error, answer: answer.mean, answerError: answer.error },
    ...{ best: best.mean, bestError: best.error },
    ...{ luckiest: lucky.mean, luckiestError: lucky.error },
    silencedRounds: silenced('clique'),
    honestSilencedRounds: silenced('honest'),
  }
}

/** The most that any way is paid in any sense. */
function worstBar(name: string, floor: number | undefined, rows: readonly CliqueRow[]): Bar {
  const figures = rows.flatMap((row) => [
    { row, what: 'full pay', value: row.full, error: row.fullError },
    { row, what: 'answer pay', value: row.answer, error: row.answerError },
    { row, what: 'pay of its best-paid member', value: row.best, error: row.bestError },
    { row, what: 'pay of its luckiest member', value: row.luckiest, error: row.luckiestError },
  ])
  const { row, what, value, error } = figures.reduce((most, one) => (one.value > most.value ? one : most))
  const full = Math.max(...rows.map((one) => one.full))
  return {
    ...{ name, value, unit: 'ratio', ...(floor !== undefined && { floor }) },
    note: `± ${error.toFixed(3)}: ${what}, ${row.strategy}, ${row.alone ? 'alone on a model' : 'on everybody’s model'}, n = ${row.nodes}; worst full pay ${full.toFixed(3)}; ${rows.length} cliques`,
  }
}
