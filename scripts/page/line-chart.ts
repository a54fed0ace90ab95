import { escapeHtml } from './escape-html.ts'

/** A line over time. */
export interface Series {
  readonly name: string
  readonly color: string
  /** y at x = 0, 1, 2 …; a gap where there is none. */
  readonly values: readonly (number | undefined)[]
  /** Around them, low and high. */
  readonly intervals?: readonly (Interval | undefined)[]
}

export type Interval = readonly [low: number, high: number]

/** A chart from 0 up, with the value that is asked for. */
export interface LinearScale {
  readonly limit: { readonly value: number; readonly name: string }
}

/** A chart of powers of ten, with the value from which something is proof. */
export interface LogScale {
  readonly from: number
  readonly to: number
  readonly limit: { readonly value: number; readonly name: string }
}

const WIDTH = 720
const HEIGHT = 280
const LEFT = 56
const BOTTOM = 32
const TOP = 12
const RIGHT = 110

/** An SVG line chart with a legend at the lines' ends; no script, no outside resource. */
export function lineChart(
  title: string,
  unit: string,
  labels: readonly string[],
  series: readonly Series[],
  scale?: LogScale | LinearScale,
): string {
  const log = scale !== undefined && 'from' in scale ? scale : undefined
  const shown = series.flatMap(({ values, intervals = [] }) => [
    ...values,
    ...intervals.map((one) => one?.[1]),
  ])
  // Its name stands above the line.
  const asked = log === undefined && scale !== undefined ? [1.1 * scale.limit.value] : []
  const top = Math.max(1e-9, ...asked, ...shown.filter((value) => value !== undefined))
  const steps = Math.max(1, labels.length - 1)
  const x = (i: number) => LEFT + (i / steps) * (WIDTH - LEFT - RIGHT)
  const shareOf = (value: number) => (log === undefined ? value / top : logShare(value, log))
  const y = (value: number) => HEIGHT - BOTTOM - shareOf(value) * (HEIGHT - BOTTOM - TOP)
  const marks = log === undefined ? [0, 0.25, 0.5, 0.75, 1].map((part) => part * top) : powersOfTen(log)
  const grid = marks.map((value) => {
    const at = y(value).toFixed(1)
    const label = log === undefined ? value.toFixed(top < 10 ? 2 : 0) : powerOfTen(value)
    return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" class="grid"/><text x="${LEFT - 6}" y="${at}" class="tick end">${label}</text>`
  })
  const limit = scale === undefined ? '' : limitLine(y(scale.limit.value).toFixed(1), scale.limit.name)
  const ticks = labels.map(
    (label, i) =>
      `<text x="${x(i).toFixed(1)}" y="${HEIGHT - 10}" class="tick middle">${escapeHtml(label)}</text>`,
  )
  const lines = series.map(({ color, values }) => {
    const places = values.flatMap((value, i) =>
      value === undefined ? [] : [`${x(i).toFixed(1)},${y(value).toFixed(1)}`],
    )
    return `<polyline points="${places.join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>`
  })
  const whiskers = series.flatMap(({ color, intervals = [] }) =>
    intervals.flatMap((interval, i) => {
      if (interval === undefined) return []
      const [low, high] = interval.map((value) => y(value).toFixed(1))
      return `<line x1="${x(i).toFixed(1)}" x2="${x(i).toFixed(1)}" y1="${low}" y2="${high}" stroke="${color}" stroke-width="5" opacity=".35"/>`
    }),
  )
  const ends = spread(series.map(({ values }) => y(values.findLast((value) => value !== undefined) ?? 0)))
  const names = series.map(
    ({ name, color }, i) =>
      `<text x="${WIDTH - RIGHT + 8}" y="${ends[i]!.toFixed(1)}" fill="${color}" class="name">${escapeHtml(name)}</text>`,
  )
  return `<figure><figcaption>${escapeHtml(title)} <span class="unit">${escapeHtml(unit)}</span></figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(title)}">${[...grid, limit, ...ticks, ...whiskers, ...lines, ...names].join('')}</svg></figure>`
}

/** Where a value stands between the ends of the scale, 0 to 1; what lies beyond stands at the end. */
function logShare(value: number, { from, to }: LogScale): number {
  const within = Math.min(to, Math.max(from, value))
  return Math.log(within / from) / Math.log(to / from)
}

/** Every second one. */
function powersOfTen({ from, to }: LogScale): number[] {
  const [low, high] = [Math.ceil(Math.log10(from)), Math.floor(Math.log10(to))]
  return Array.from({ length: Math.floor((high - low) / 2) + 1 }, (_, i) => 10 ** (low + 2 * i))
}

function powerOfTen(value: number): string {
  return `10<tspan dy="-4" font-size="8">${Math.round(Math.log10(value)).toString().replace('-', '−')}</tspan>`
}

function limitLine(at: string, name: string): string {
  return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" class="limit"/><text x="${LEFT + 6}" y="${at}" dy="-5" class="tick">${escapeHtml(name)}</text>`
}

/** Moves labels apart that would cover each other, keeping their order and staying inside of the chart. */
export function spread(positions: readonly number[]): number[] {
  const gap = 14
  const order = positions.map((at, i) => ({ at, i })).sort((a, b) => a.at - b.at)
  let above = TOP - gap
  for (const label of order) {
    label.at = Math.max(label.at, above + gap)
    above = label.at
  }
  let below = HEIGHT - BOTTOM + gap
  for (const label of order.reverse()) {
    label.at = Math.min(label.at, below - gap)
    below = label.at
  }
  const placed = [...positions]
  for (const { at, i } of order) placed[i] = at
  return placed
}
