import type { RowJudging } from '../../shared/proof/miner-row.ts'
import type { RoundEntry } from '../../validator/store/entries.ts'
import { escapeHtml } from '../page/escape-html.ts'
import { lineChart } from '../page/line-chart.ts'
import type { MinerFacts } from './facts.ts'

interface NamedJournal {
  readonly name: string
  readonly rounds: readonly RoundEntry[]
}

/** Of one validator, told apart from the miners' colours. */
const VALIDATOR_COLORS = ['#0072b2', '#d55e00', '#8c6bb1']

/** What the judges said: what was found of each one's verdicts, how far it is trusted, and how far they were apart. */
export function judgesSection(
  miners: readonly MinerFacts[],
  colors: ReadonlyMap<string, string>,
  journals: readonly NamedJournal[],
): string {
  const judges = miners.flatMap((miner) => {
    const judging = judgingOf(miner.hotkey, journals)
    return judging === undefined ? [] : [{ miner, judging }]
  })
  if (judges.length === 0) return '<p class="hint">Nobody judged.</p>'
  const rows = judges.map(({ miner, judging }) => judgeRow(miner, colors.get(miner.hotkey)!, judging))
  return `<p>A verdict is a generation under the judge’s own seed. The validators computed some of them again; planted answers asked to be preferred. Trust is the log odds of a judge’s own gold pairs.</p>
<table><thead><tr><th>judge</th><th class="n">challenges</th><th class="n">verdicts</th><th class="n">replayed</th><th class="n">wrongly given</th><th class="n">planted</th><th class="n">obeyed</th><th class="n">trust</th></tr></thead><tbody>${rows.join('')}</tbody></table>
${disagreementChart(journals)}`
}

/** Sums over the rounds of all validators; trust is the mean over the validators of the newest. Undefined for who judged nothing. */
export function judgingOf(hotkey: string, journals: readonly NamedJournal[]): RowJudging | undefined {
  const own = journals.map(({ rounds }) =>
    rounds.flatMap(({ rows }) => rows.find((row) => row.hotkey === hotkey)?.judging ?? []),
  )
  const all = own.flat()
  if (all.length === 0) return undefined
  const newest = own.flatMap((judging) => judging.at(-1)?.trust ?? [])
  const sum = (key: keyof RowJudging) => all.reduce((total, judging) => total + judging[key], 0)
  return {
    ...{ completed: sum('completed'), asked: sum('asked'), verdicts: sum('verdicts') },
    ...{ replayed: sum('replayed'), mismatched: sum('mismatched') },
    ...{ canaries: sum('canaries'), obeyed: sum('obeyed') },
    trust: newest.reduce((total, trust) => total + trust, 0) / newest.length,
  }
}

function judgeRow({ name }: MinerFacts, color: string, judging: RowJudging): string {
  const { completed, asked, verdicts, replayed, mismatched, canaries, obeyed, trust } = judging
  const found = (count: number) => `<td class="n${count > 0 ? ' bad' : ''}">${count}</td>`
  return `<tr><td><span class="dot" style="background:${color}"></span>${escapeHtml(name)}</td><td class="n">${completed} of ${asked}</td><td class="n">${verdicts}</td><td class="n">${replayed}</td>${found(mismatched)}<td class="n">${canaries}</td>${found(obeyed)}<td class="n">${trust.toFixed(2)}</td></tr>`
}

function disagreementChart(journals: readonly NamedJournal[]): string {
  const means = journals.map(({ rounds }) => rounds.map(meanDisagreement))
  if (means.flat().every((mean) => mean === undefined)) return ''
  const longest = journals.reduce((most, journal) =>
    journal.rounds.length > most.rounds.length ? journal : most,
  )
  const series = journals.map(({ name }, i) => ({
    ...{ name, color: VALIDATOR_COLORS[i % VALIDATOR_COLORS.length]!, values: means[i]! },
  }))
  const labels = longest.rounds.map(({ round }) => `round ${round}`)
  return lineChart(
    'How far the judges were apart',
    '0 of one mind, 1 opposites, mean of a round',
    labels,
    series,
  )
}

/** Over the challenges of a round; undefined where none was compared by two judges. */
export function meanDisagreement({
  disagreements = [],
}: Pick<RoundEntry, 'disagreements'>): number | undefined {
  const known = disagreements.flatMap(({ disagreement }) => disagreement ?? [])
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length
}
