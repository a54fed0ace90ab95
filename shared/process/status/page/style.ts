import { PALETTE } from './palette.ts'

/** Of the status page: calm, readable on a phone, light or dark as the reader's system is. */
export const STATUS_STYLE = `${PALETTE}
:root{--c1:#2f6fb2;--c2:#c8842b;--c3:#2e8b6d;--c4:#a4508b;--c5:#7a8793;--c6:#b5523b;--c7:#5b6ac4;--c8:#8a7a2c}
@media(prefers-color-scheme:dark){:root{--c1:#6ba7e0;--c2:#e0a458;--c3:#5fbf9d;--c4:#cf86ba;--c5:#98a4ae;--c6:#e08772;--c7:#929ee8;--c8:#c4b45c}}
*{box-sizing:border-box}[hidden]{display:none!important}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:1180px;margin:0 auto;padding:1.6rem 1rem 3rem}
header{display:flex;flex-wrap:wrap;align-items:baseline;gap:.2rem 1rem;margin-bottom:1.2rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1rem;font-weight:600;margin:0 0 .5rem}
#subtitle{flex-basis:100%;color:var(--faint);font-size:.88rem;overflow-wrap:anywhere}
#state{font-size:.82rem;font-weight:600;padding:.1rem .7rem;border-radius:1rem;background:var(--head);color:var(--faint)}
#state.good{background:var(--goodground);color:var(--good)}#state.bad{background:var(--badground);color:var(--bad)}
#reasons{margin:0 0 1.2rem;padding:.7rem 1rem .7rem 2rem;border-radius:8px;background:var(--badground);color:var(--bad);overflow-wrap:anywhere}
#figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(47%,230px),1fr));gap:.7rem;margin-bottom:1.2rem}
.figure{border:1px solid var(--line);border-radius:8px;background:var(--panel);padding:.6rem .8rem;min-width:0}
.figure .label{color:var(--faint);font-size:.78rem}.figure .value{font-size:1.35rem;font-weight:600;font-variant-numeric:tabular-nums;line-height:1.3;overflow-wrap:anywhere}
.figure .hint{color:var(--faint);font-size:.76rem;overflow-wrap:anywhere}.figure.good .value{color:var(--good)}.figure.bad .value{color:var(--bad)}
#charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:.9rem}
.chart,.table{border:1px solid var(--line);border-radius:8px;background:var(--panel);padding:.8rem .9rem;min-width:0;margin:0}
.chart .unit{color:var(--faint);font-weight:400;font-size:.82rem}.chart .none{color:var(--faint);height:200px;display:grid;place-items:center;font-size:.88rem}
.u-legend{font-size:.78rem;text-align:left!important;margin:.2rem 0 0!important;color:var(--soft)}.u-legend .u-series>*{padding:0 .5rem 0 0}.u-legend th{font-weight:400}.u-legend .u-marker{border-radius:50%;width:.7em;height:.7em}
.table{margin-top:.9rem;overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.86rem}#tables th,#tables td{padding:.3rem .7rem .3rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
#tables th{font-weight:600;color:var(--faint);white-space:nowrap}#tables .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}#tables tr:last-child td{border-bottom:0}
#tables td{min-width:3.2rem}#tables td:not(:last-child){white-space:nowrap}#tables td:last-child{min-width:15rem}.empty,footer{color:var(--faint);font-size:.82rem}
footer{margin-top:1.4rem;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem}footer a{color:inherit}#line{margin-left:auto}
`
