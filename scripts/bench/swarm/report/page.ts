import { escapeHtml } from '../../../page/escape-html.ts'
import { INTERVAL_STYLE } from '../../../page/interval-chart.ts'
import { PAGE_STYLE } from '../../../page/style.ts'
import { renderEnvironment } from '../../output.ts'
import type { Bar, BenchRun } from '../../suite.ts'
import { barsOf, type SwarmResults } from '../run-parts.ts'
import { ASKED, standingOf } from './asked.ts'
import { shown, verdict, whatOf } from './figures.ts'
import { SECTIONS } from './sections.ts'

/** A run, or a scenario that was played instead of one, as a page that needs nothing but itself. A part that was not run is named as such. */
export function renderPage({ quick, environment, raw }: BenchRun): string {
  const results = raw as SwarmResults
  const bars = barsOf(results)
  const sizes = quick ? 'small samples, so figures are unsure' : 'full samples'
  const isScenario = results.parts.scenario !== undefined
  const chosen = SECTIONS.filter(({ part }) => (part === 'scenario') === isScenario)
  const sections = chosen.map(({ part, title, explained, draw }) => {
    const facts = results.parts[part]?.facts
    const drawn = facts === undefined ? NOT_RUN : draw(facts, bars) || UNREADABLE
    return `<section id="${part}"><h2>${escapeHtml(title)}</h2><p>${escapeHtml(explained)}</p>${drawn}</section>`
  })
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Starling: swarm consensus</title><style>${PAGE_STYLE}${INTERVAL_STYLE}${STYLE}</style></head><body>
<h1>Swarm consensus, measured</h1>
<p>${escapeHtml(sizes)}. <span class="hint">${escapeHtml(renderEnvironment(environment))}</span></p>
<nav>${chosen.map(({ part, title }) => `<a href="#${part}">${escapeHtml(title)}</a>`).join(' · ')}</nav>
${isScenario ? '' : `<h2>Bars</h2>${heldTable(bars, quick)}`}
${sections.join('\n')}
<h2>All other figures</h2>${reportedTable(bars)}
</body></html>
`
}

const NOT_RUN = '<p class="hint">Not run.</p>'
const UNREADABLE = '<p class="hint">The file holds this part in another form than this page knows.</p>'

function heldTable(bars: readonly Bar[], quick: boolean): string {
  const rows = Object.keys(ASKED).map((name) => {
    const { what, asked, best } = ASKED[name]!
    const bar = bars.find((one) => one.name === name)
    if (bar === undefined)
      return `<tr><td>${escapeHtml(what)}</td><td class="n">${escapeHtml(asked)}</td><td class="n">–</td><td class="none">not run</td><td>${escapeHtml(best)}</td></tr>`
    const kind = { met: 'good', missed: 'bad', reported: 'none' }[standingOf(bar, bars)]
    return `<tr><td>${escapeHtml(what)}<br><small><code>${name}</code> ${escapeHtml(bar.note ?? '')}</small></td><td class="n">${escapeHtml(asked)}</td><td class="n"><b>${escapeHtml(shown(bar))}</b></td><td class="${kind}">${escapeHtml(verdict(bar, bars, quick))}</td><td>${escapeHtml(best)}</td></tr>`
  })
  return `<table class="bars"><thead><tr><th>what</th><th class="n">bar</th><th class="n">measured</th><th>met</th><th>elsewhere</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function reportedTable(bars: readonly Bar[]): string {
  const rows = bars
    .filter(({ name }) => ASKED[name] === undefined)
    .map(
      (bar) =>
        `<tr><td><code>${escapeHtml(whatOf(bar))}</code></td><td class="n">${escapeHtml(shown(bar))}</td><td>${escapeHtml(bar.note ?? '')}</td></tr>`,
    )
  if (rows.length === 0) return NOT_RUN
  return `<table><thead><tr><th>figure</th><th class="n">measured</th><th>of what</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

const STYLE = `
nav{font-size:.86rem}a{color:inherit}.bars td:first-child{white-space:normal;min-width:14rem}.bars .none{white-space:nowrap}section{margin-bottom:2rem}
@media(max-width:760px){.bars,.bars tbody{display:block;overflow:visible}.bars thead{display:none}.bars tr{display:grid;grid-template-columns:auto auto 1fr;gap:0 .8rem;padding:.5rem 0;border-bottom:1px solid var(--line)}.bars td{border:0;padding:.1rem .3rem;text-align:left}.bars td:first-child,.bars td:last-child{grid-column:1/-1}.bars td:last-child{font-size:.82rem;color:var(--faint)}}
`
