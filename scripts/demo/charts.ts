/** A line over time. */
export interface Series {
  readonly name: string
  readonly color: string
  /** y at x = 0, 1, 2 … */
  readonly values: readonly number[]
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
): string {
  const top = Math.max(1e-9, ...series.flatMap(({ values }) => values))
  const steps = Math.max(1, labels.length - 1)
  const x = (i: number) => LEFT + (i / steps) * (WIDTH - LEFT - RIGHT)
  const y = (value: number) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP)
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const at = y(part * top).toFixed(1)
    return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" class="grid"/><text x="${LEFT - 6}" y="${at}" class="tick end">${(part * top).toFixed(top < 10 ? 2 : 0)}</text>`
  })
  const ticks = labels.map(
    (label, i) =>
      `<text x="${x(i).toFixed(1)}" y="${HEIGHT - 10}" class="tick middle">${escapeHtml(label)}</text>`,
  )
  const lines = series.map(({ color, values }) => {
    const points = values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
    return `<polyline points="${points}" fill="none" stroke="${color}" stroke-width="2"/>`
  })
  const ends = spread(series.map(({ values }) => y(values.at(-1) ?? 0)))
  const names = series.map(
    ({ name, color }, i) =>
      `<text x="${WIDTH - RIGHT + 8}" y="${ends[i]!.toFixed(1)}" fill="${color}" class="name">${escapeHtml(name)}</text>`,
  )
  return `<figure><figcaption>${escapeHtml(title)} <span class="unit">${escapeHtml(unit)}</span></figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(title)}">${[...grid, ...ticks, ...lines, ...names].join('')}</svg></figure>`
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

/** Text that is safe between tags and in attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
