import { PALETTE } from '../../shared/process/status/page/palette.ts'

/** Of every page that a command writes: light and dark, and readable on a phone. */
export const PAGE_STYLE = `${PALETTE}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:1180px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{margin-top:2.2rem;border-bottom:1px solid var(--rule)}h3{margin-bottom:0}
table{border-collapse:collapse;margin:.8rem 0;width:100%}th,td{padding:.35rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{font-weight:600;background:var(--head)}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}td:first-child{white-space:nowrap}
.dot{display:inline-block;width:.7em;height:.7em;border-radius:50%;margin-right:.5em}small,.hint,.unit{color:var(--faint);font-size:.82rem}
td.good{background:var(--goodground)}td.bad{background:var(--badground)}td.none{color:#9aa3a9}
figure{margin:1rem 0}figcaption{font-weight:600}svg{width:100%;max-width:860px;height:auto}.grid{stroke:var(--line)}
.tick{font-size:11px;fill:var(--faint)}.end{text-anchor:end;dominant-baseline:middle}.middle{text-anchor:middle}.name{font-size:12px;dominant-baseline:middle}
.limit{stroke:#c0392b;stroke-dasharray:5 4}
@media(max-width:760px){table{display:block;overflow-x:auto}figure{overflow-x:auto}figure>svg{min-width:560px}}
`
