import type { RoundEntry } from '../../validator/store/entries.ts'
import { escapeHtml } from '../page/escape-html.ts'
import { lineChart } from '../page/line-chart.ts'
import { PAGE_STYLE } from '../page/style.ts'
import type { MinerEvidence } from './evidence.ts'
import { evidenceSection } from './evidence-section.ts'
import { tao } from './expectations.ts'
import type { DemoFacts, Expectation, MinerFacts } from './facts.ts'
import { judgesSection } from './judges-section.ts'
import type { Behaviour } from './scenario.ts'

const COLORS: Readonly<Record<Behaviour, readonly string[]>> = {
  honest: ['#1a7f4b', '#2f9e64', '#54b884'],
  weak: ['#1769aa'],
  substitute: ['#c0392b'],
  copycat: ['#d9792b'],
  faulty: ['#7d5ba6'],
  colluding: ['#8c6d1f'],
}

const EXPLAINED: Readonly<Record<Behaviour, string>> = {
  honest: 'runs the model that it declares, under its own seed',
  weak: 'honest, with a smaller model that it declares as such',
  substitute: 'declares small, runs nano: replay finds tokens that small would not have chosen',
  copycat: 'sends another miner’s answers: they do not replay under its own seed',
  faulty: 'honest, but its process dies and comes back',
  colluding: 'judges for its clique, whatever its model says: verdicts do not replay',
}

/** What the report tells of the published rounds. */
export interface ReportEvidence {
  readonly byHotkey: ReadonlyMap<string, MinerEvidence>
  /** That its figures are of. */
  readonly rounds: readonly number[]
}

/** A page that needs nothing but itself: who earned what, why, what proves it, and how it went over time. */
export function renderReport(
  facts: DemoFacts,
  expectations: readonly Expectation[],
  journals: readonly { readonly name: string; readonly rounds: readonly RoundEntry[] }[],
  evidence: ReportEvidence,
): string {
  const colored = colorize(facts.miners)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Starling demo</title><style>${STYLE}</style></head><body>
<h1>Starling: one subnet, ${Math.round(facts.seconds)} seconds</h1>
<p>${facts.miners.length} miners and ${facts.validators.length} validators, each a process of its own, on a real Substrate runtime
(<code>${escapeHtml(facts.chain.specName)}</code>, wasm ${escapeHtml(facts.chain.wasmSha256.slice(0, 12))}…), ${facts.chain.blocks} blocks, ${facts.chain.epochs} paid epochs, seed ${facts.seed}.</p>
<h2>Who earned what</h2>${minerTable(facts.miners, colored)}${validatorTable(facts)}
<h2>The evidence</h2>${evidenceSection(accusedOf(facts.miners, colored, evidence), evidence.rounds)}
<h2>What the judges said</h2>${judgesSection(facts.miners, colored, journals)}
<h2>Over time</h2>${earningsChart(facts, colored)}${scoreCharts(facts.miners, colored, journals)}
<h2>Round by round</h2>${journals.map(({ name, rounds }) => roundGrid(name, rounds, facts.miners)).join('')}
<h2>What this run had to show</h2>${checklist(expectations)}
</body></html>
`
}

/** The cheats, and an honest miner as contrast. */
function accusedOf(
  miners: readonly MinerFacts[],
  colors: ReadonlyMap<string, string>,
  { byHotkey }: ReportEvidence,
) {
  const cheats = miners.filter(({ behaviour }) => behaviour === 'substitute' || behaviour === 'copycat')
  const honest = miners.filter(({ behaviour }) => behaviour === 'honest').slice(0, 1)
  return [...cheats, ...honest].flatMap((miner) => {
    const evidence = byHotkey.get(miner.hotkey)
    const explained = EXPLAINED[miner.behaviour]
    return evidence === undefined ? [] : [{ miner, color: colors.get(miner.hotkey)!, explained, evidence }]
  })
}

function colorize(miners: readonly MinerFacts[]): ReadonlyMap<string, string> {
  const used = new Map<Behaviour, number>()
  return new Map(
    miners.map(({ hotkey, behaviour }) => {
      const nth = used.get(behaviour) ?? 0
      used.set(behaviour, nth + 1)
      return [hotkey, COLORS[behaviour][nth % COLORS[behaviour].length]!]
    }),
  )
}

function minerTable(miners: readonly MinerFacts[], colors: ReadonlyMap<string, string>): string {
  const rows = miners.map((miner) => {
    const why = [EXPLAINED[miner.behaviour], ...miner.reasons]
      .map((reason) => `<li>${escapeHtml(reason)}</li>`)
      .join('')
    return `<tr><td><span class="dot" style="background:${colors.get(miner.hotkey)}"></span>${escapeHtml(miner.name)}</td><td>${escapeHtml(miner.model)}</td>
<td class="n">${miner.accepted}</td><td class="n">${miner.rejected}</td><td class="n">${miner.missed}</td><td class="n">${miner.winRate?.toFixed(2) ?? '–'}</td>
<td class="n">${miner.score.toFixed(3)}</td><td class="n"><b>${tao(miner.emissionRao)}</b></td><td><ul>${why}</ul></td></tr>`
  })
  return `<table><thead><tr><th>miner</th><th>declares</th><th class="n">accepted</th><th class="n">rejected</th><th class="n">missed</th><th class="n">win rate</th><th class="n">score</th><th class="n">earned</th><th>why</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function validatorTable({ validators }: DemoFacts): string {
  const percent = (u16: number) => `${((u16 / 65_535) * 100).toFixed(1)} %`
  const rows = validators.map(
    ({ name, weightsSet, dividends, vtrust, emissionRao }) =>
      `<tr><td>${escapeHtml(name)}</td><td class="n">${weightsSet}</td><td class="n">${percent(dividends)}</td><td class="n">${percent(vtrust)}</td><td class="n"><b>${tao(emissionRao)}</b></td></tr>`,
  )
  return `<table><thead><tr><th>validator</th><th class="n">weights set</th><th class="n">dividends</th><th class="n">vtrust</th><th class="n">earned</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function earningsChart({ history, miners }: DemoFacts, colors: ReadonlyMap<string, string>): string {
  const labels = ['start', ...history.map(({ epoch }) => `epoch ${epoch}`)]
  const series = miners.map(({ name, hotkey }) => {
    let total = 0
    return {
      name,
      color: colors.get(hotkey)!,
      values: [0, ...history.map(({ paidRao }) => (total += Number(paidRao[hotkey] ?? 0n) / 1e9))],
    }
  })
  return lineChart('Earned, as the chain paid it', 'TAO', labels, series)
}

function scoreCharts(
  miners: readonly MinerFacts[],
  colors: ReadonlyMap<string, string>,
  journals: readonly { readonly name: string; readonly rounds: readonly RoundEntry[] }[],
): string {
  return journals
    .map(({ name, rounds }) => {
      const series = miners.map((miner) => ({
        name: miner.name,
        color: colors.get(miner.hotkey)!,
        values: rounds.map(({ rows }) => rows.find(({ hotkey }) => hotkey === miner.hotkey)?.score ?? 0),
      }))
      return lineChart(
        `Scores by ${name}`,
        '0 to 1',
        rounds.map(({ round }) => `round ${round}`),
        series,
      )
    })
    .join('')
}

function roundGrid(name: string, rounds: readonly RoundEntry[], miners: readonly MinerFacts[]): string {
  const head = rounds.map(
    ({ round, milliseconds }) =>
      `<th class="n">${round}<br><small>${(milliseconds / 1000).toFixed(1)} s</small></th>`,
  )
  const body = miners.map((miner) => {
    const cells = rounds.map(({ rows }) => {
      const row = rows.find(({ hotkey }) => hotkey === miner.hotkey)
      if (row === undefined) return '<td class="n none">–</td>'
      const kind = row.rejected > 0 ? 'bad' : row.missed + row.refused > 0 ? 'gap' : 'good'
      const title = `${row.accepted} accepted, ${row.rejected} rejected, ${row.missed} missed; gold ${row.goldRight} of ${row.goldAsked}`
      return `<td class="n ${kind}" title="${title}">${row.accepted}<small> / ${row.rejected} / ${row.missed}</small></td>`
    })
    return `<tr><td>${escapeHtml(miner.name)}</td>${cells.join('')}</tr>`
  })
  return `<h3>${escapeHtml(name)}</h3><p class="hint">accepted / rejected / missed answers</p><table><thead><tr><th>miner</th>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table>`
}

function checklist(expectations: readonly Expectation[]): string {
  const items = expectations.map(
    ({ name, ok, detail }) =>
      `<li class="${ok ? 'good' : 'bad'}">${ok ? '✓' : '✗'} ${escapeHtml(name)} <span class="hint">${escapeHtml(detail)}</span></li>`,
  )
  return `<ul class="checks">${items.join('')}</ul>`
}

const STYLE = `${PAGE_STYLE}
td ul{margin:0;overflow-wrap:anywhere;padding-left:1rem;font-size:.86rem;color:var(--soft)}td.gap{background:#f1edf7}
.checks{list-style:none;padding:0}.checks .good{color:var(--good)}.checks .bad{color:var(--bad);font-weight:600}
.cases{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:1rem;align-items:start}
.evidence{border-top:4px solid;padding:0 .8rem;background:var(--panel);min-width:0}.evidence h3{margin-top:.6rem}.evidence h4{margin:1rem 0 .2rem}.evidence ul{padding-left:1.1rem;overflow-wrap:anywhere}
blockquote{margin:.4rem 0;padding:.4rem .7rem;border-left:3px solid var(--rule);font:13px/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}.asked{color:var(--faint)}mark{background:#f6c1b8;color:inherit;outline:1px solid #c0392b}
@media(max-width:760px){td ul{min-width:17rem}}
@media(prefers-color-scheme:dark){td.gap{background:#2b2438}mark{background:#7a2c22}}
`
