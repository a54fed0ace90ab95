import { escapeHtml } from './escape-html.ts'
import type { Interval } from './line-chart.ts'

/** One row of a chart. */
export interface ChartRow {
  readonly name: string
  readonly points: readonly ChartPoint[]
}

export interface ChartPoint {
  readonly value: number
  readonly interval?: Interval
  readonly color: string
  /** For whoever points at it. */
  readonly title?: string
}

/** An upright line through all rows. */
export interface Mark {
  readonly value: number
  readonly name: string
  readonly color: string
}

export interface ChartAxis {
  readonly unit: string
  /** Ends of the axis, where the values do not say. */
  readonly from?: number
  readonly to?: number
  /** Powers of ten; what is 0 stands at the lower end, which is then to be given. */
  readonly isLogarithmic?: boolean
  readonly marks?: readonly Mark[]
  /** What colours stand for. */
  readonly legend?: readonly { readonly name: string; readonly color: string }[]
  /** Figures at the right of each row; unless told, those of its points. */
  readonly show?: (row: ChartRow) => string
}

/**
 * Points with intervals, one row below the other. Rows are boxes of the page and only their drawings are SVG, in shares of their
 * width: text keeps its size on a phone.
 */
export function intervalChart(title: string, rows: readonly ChartRow[], axis: ChartAxis): string {
  const { unit, marks = [], legend = [], show = figuresOf } = axis
  const place = placeOf(rows, axis)
  const lines = marks.map(({ value, color }) => {
    const at = place(value)
    return `<line x1="${at}" x2="${at}" y1="0" y2="100%" stroke="${color}" class="mark"/>`
  })
  const body = rows.map((row) => {
    const drawn = row.points.map((point, i) => drawPoint(point, place, offsetOf(i, row.points.length)))
    return `<div class="row"><span class="label">${escapeHtml(row.name)}</span><svg role="img" aria-label="${escapeHtml(`${row.name}: ${show(row)}`)}">${lines.join('')}${drawn.join('')}</svg><span class="n">${escapeHtml(show(row))}</span></div>`
  })
  const keys = [
    ...legend.map((key) => ({ ...key, kind: 'dot' })),
    ...marks.map((key) => ({ ...key, kind: 'bar' })),
  ]
  const legends = keys.map(
    ({ name, color, kind }) =>
      `<span class="key"><span class="${kind}" style="background:${color}"></span>${escapeHtml(name)}</span>`,
  )
  return `<figure class="rows"><figcaption>${escapeHtml(title)} <span class="unit">${escapeHtml(unit)}</span></figcaption><p class="hint">${legends.join('')}</p>${body.join('')}${scale(rows, axis)}</figure>`
}

/** Points of one row stand below each other, so that none hides another. */
function offsetOf(i: number, count: number): number {
  return 11 + (i - (count - 1) / 2) * Math.min(6, 18 / count)
}

function drawPoint({ value, interval, color, title }: ChartPoint, place: Place, y: number): string {
  if (Number.isNaN(value)) return ''
  const told = title === undefined ? '' : `<title>${escapeHtml(title)}</title>`
  const whisker =
    interval === undefined || interval.some(Number.isNaN)
      ? ''
      : `<line x1="${place(interval[0])}" x2="${place(interval[1])}" y1="${y}" y2="${y}" stroke="${color}" stroke-width="2" opacity=".55"/>`
  return `<g>${told}${whisker}<circle cx="${place(value)}" cy="${y}" r="3.5" fill="${color}"/></g>`
}

type Place = (value: number) => string

function placeOf(rows: readonly ChartRow[], axis: ChartAxis): Place {
  const [from, to] = endsOf(rows, axis)
  const share = axis.isLogarithmic
    ? (value: number) => Math.log(Math.max(value, from) / from) / Math.log(to / from)
    : (value: number) => (value - from) / (to - from)
  return (value) => `${(2 + 96 * Math.min(1, Math.max(0, share(value)))).toFixed(2)}%`
}

/** The ends of the axis: of everything that is shown, unless told. */
export function endsOf(rows: readonly ChartRow[], { from, to, marks = [] }: ChartAxis): Interval {
  const points = rows.flatMap((row) => row.points)
  const values = [
    ...points.flatMap(({ value, interval = [] }) => [value, ...interval]),
    ...marks.map(({ value }) => value),
  ].filter(Number.isFinite)
  const low = from ?? Math.min(...values)
  const high = to ?? Math.max(...values)
  // One value alone, or none, has no ends.
  if (!(high > low)) return Number.isFinite(low) ? [low - 0.5, low + 0.5] : [0, 1]
  return [low, high]
}

function scale(rows: readonly ChartRow[], axis: ChartAxis): string {
  const [from, to] = endsOf(rows, axis)
  const at = (share: number) =>
    axis.isLogarithmic ? from * (to / from) ** share : from + share * (to - from)
  const ticks = [0, 0.5, 1].map((share) => `<span>${shortFigure(at(share))}</span>`)
  return `<div class="row scale"><span class="label"></span><span class="ticks">${ticks.join('')}</span><span class="n"></span></div>`
}

function figuresOf({ points }: ChartRow): string {
  return points.map(({ value }) => shortFigure(value)).join(' · ')
}

/** Three digits, as a reader wants them. */
export function shortFigure(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : String(value)
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e5 || size < 1e-3) return value.toExponential(1).replace('.0e', 'e').replace('e+', 'e')
  return String(Number(value.toPrecision(size >= 1 && size < 10 ? 4 : 3)))
}

/** Belongs to every page that has such a chart. */
export const INTERVAL_STYLE = `
.rows .row{display:grid;grid-template-columns:16rem minmax(0,1fr) 9rem;gap:.6rem;align-items:center;border-bottom:1px solid var(--line)}
.rows .row>svg{width:100%;max-width:none;height:22px;overflow:visible}.rows .label{font-size:.86rem;overflow-wrap:anywhere}.rows .n{font-size:.82rem}
.rows .scale{border:0}.ticks{display:flex;justify-content:space-between;font-size:.75rem;color:var(--faint)}.mark{stroke-dasharray:4 3}
.key{margin-right:1rem;white-space:nowrap}.bar{display:inline-block;width:.2em;height:1em;margin-right:.5em;vertical-align:-.15em}
@media(max-width:760px){.rows .row{grid-template-columns:minmax(0,1fr) auto;row-gap:0}.rows .row>svg,.rows .ticks{grid-column:1/-1;order:3}}
`
