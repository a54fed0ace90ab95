// Runs in the browser, beside uPlot. What comes from the program is plain data (see ../view.ts) and goes into the page as text.
/* global uPlot */
const MOST_POINTS = 360
const HEIGHT = 200
const COLORS = 8
const at = (id) => document.getElementById(id)
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** Chart by id: its description, its numbers, and what is drawn. */
const charts = new Map()

function element(tag, className, text) {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text !== undefined) made.textContent = text
  return made
}

/** Drawn one over the other, the whole first, so that each shows its own part. */
function stack(rows) {
  const [x, ...series] = rows
  const sums = x.map(() => 0)
  const stacked = series.map((row) =>
    row.map((value, i) => {
      sums[i] += value ?? 0
      return sums[i]
    }),
  )
  return [x, ...stacked.reverse()]
}

function options(chart) {
  const { spec, holder, rows } = chart
  const isStacked = spec.kind === 'stacked'
  const order = spec.series.map((label, i) => ({ label, i }))
  if (isStacked) order.reverse()
  const bars = uPlot.paths.bars({ size: [0.7, 28], gap: 1 })
  const series = order.map(({ label, i }) => {
    const color = css(`--c${spec.colors?.[i] ?? (i % COLORS) + 1}`)
    const value = (_plot, _value, _series, k) => {
      const own = k == null ? undefined : chart.rows[i + 1]?.[k]
      return own == null ? '–' : own.toLocaleString('en-GB', { maximumFractionDigits: 3 })
    }
    const isLine = spec.kind === 'lines'
    return {
      ...{ label, value, stroke: color, points: { show: isLine && rows[0].length === 1 } },
      ...(isLine ? { width: 1.6, spanGaps: true } : { width: 0, fill: color, paths: bars }),
    }
  })
  const axis = { stroke: css('--faint'), font: '11px system-ui', ticks: { show: false } }
  const grid = { stroke: css('--line'), width: 1 }
  const isTime = spec.x === 'time'
  const clock = (_plot, splits) => splits.map((x) => new Date(1000 * x).toLocaleTimeString('en-GB'))
  const whole = (_plot, splits) => splits.map((x) => (Number.isInteger(x) ? String(x) : ''))
  return {
    width: Math.max(200, holder.clientWidth),
    height: HEIGHT,
    cursor: { y: false },
    scales: {
      x: isTime
        ? { time: true }
        : { time: false, range: () => [chart.rows[0][0] - 0.7, chart.rows[0].at(-1) + 0.7] },
      y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.08 : 1] },
    },
    axes: [
      { ...axis, grid: { show: false }, space: 70, size: 28, values: isTime ? clock : whole },
      { ...axis, grid, size: 52 },
    ],
    series: [{ label: isTime ? 'at' : spec.x, ...(isTime ? { value: '{HH}:{mm}:{ss}' } : {}) }, ...series],
  }
}

function draw(chart) {
  const { spec, rows, holder, none } = chart
  const isEmpty = rows === undefined || rows[0].length === 0
  none.hidden = !isEmpty
  holder.hidden = isEmpty
  if (isEmpty) return
  const data = spec.kind === 'stacked' ? stack(rows) : rows
  const shape = JSON.stringify([spec.kind, spec.x, spec.series, rows[0].length === 1])
  if (chart.plot === undefined || chart.shape !== shape) {
    chart.plot?.destroy()
    chart.plot = new uPlot(options(chart), data, holder)
    chart.shape = shape
  } else chart.plot.setData(data)
}

function chartOf(spec) {
  const known = charts.get(spec.id)
  if (known !== undefined) return known
  const box = element('figure', 'chart')
  const title = element('h2', '', spec.title)
  title.append(' ', element('span', 'unit', spec.unit))
  const holder = element('div', 'holder')
  const none = element('div', 'none', 'nothing yet')
  box.append(title, holder, none)
  at('charts').append(box)
  const chart = { spec, holder, none, rows: undefined, plot: undefined }
  charts.set(spec.id, chart)
  return chart
}

function showCharts(specs) {
  for (const spec of specs) {
    const chart = chartOf(spec)
    chart.spec = spec
    if (spec.rows !== undefined) chart.rows = spec.rows.map((row) => [...row])
    if (spec.rows !== undefined || chart.plot === undefined) draw(chart)
  }
}

function showFigures(figures) {
  at('figures').replaceChildren(
    ...figures.map(({ label, value, hint, tone }) => {
      const box = element('div', `figure ${tone ?? ''}`)
      box.append(element('div', 'label', label), element('div', 'value', value))
      if (hint) box.append(element('div', 'hint', hint))
      return box
    }),
  )
}

function showTables(tables) {
  at('tables').replaceChildren(
    ...tables.map(({ title, columns, rows, empty }) => {
      const box = element('section', 'table')
      box.append(element('h2', '', title))
      if (rows.length === 0) {
        box.append(element('p', 'empty', empty))
        return box
      }
      const cells = (tag, texts) => {
        const row = element('tr')
        row.append(...texts.map((text, i) => element(tag, columns[i]?.isNumber ? 'n' : '', text)))
        return row
      }
      const table = element('table')
      table.append(
        cells(
          'th',
          columns.map(({ name }) => name),
        ),
        ...rows.map((row) => cells('td', row)),
      )
      box.append(table)
      return box
    }),
  )
}

let shownTables = ''
function showView(view) {
  document.title = `${view.reasons.length === 0 ? '' : '✗ '}${view.title}`
  at('title').textContent = view.title
  at('subtitle').textContent = view.subtitle
  at('state').textContent = view.reasons.length === 0 ? 'ready' : 'not ready'
  at('state').className = view.reasons.length === 0 ? 'good' : 'bad'
  at('reasons').hidden = view.reasons.length === 0
  at('reasons').replaceChildren(...view.reasons.map((reason) => element('li', '', reason)))
  showFigures(view.figures)
  showCharts(view.charts)
  // Written anew only where it changed: a reader may be selecting text.
  const tables = JSON.stringify(view.tables)
  if (tables !== shownTables) showTables(view.tables)
  shownTables = tables
}

function addPoint(points) {
  for (const [id, point] of Object.entries(points)) {
    const chart = charts.get(id)
    if (chart === undefined) continue
    chart.rows ??= point.map(() => [])
    for (const [i, row] of chart.rows.entries()) {
      row.push(point[i])
      if (row.length > MOST_POINTS) row.shift()
    }
    draw(chart)
  }
}

function redraw() {
  for (const chart of charts.values()) {
    chart.shape = undefined
    draw(chart)
  }
}

const source = new EventSource('events')
const on = (name, take) => source.addEventListener(name, (event) => take(JSON.parse(event.data)))
on('view', showView)
on('history', (history) => {
  for (const [id, rows] of Object.entries(history)) {
    const chart = charts.get(id)
    if (chart === undefined) continue
    chart.rows = rows
    draw(chart)
  }
})
on('point', addPoint)
source.onopen = () => {
  at('line').textContent = 'live'
}
source.onerror = () => {
  at('line').textContent = 'connection lost; trying again'
  at('state').textContent = 'not reached'
  at('state').className = 'bad'
}
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
new ResizeObserver(() => {
  for (const { plot, holder } of charts.values()) plot?.setSize({ width: holder.clientWidth, height: HEIGHT })
}).observe(at('charts'))
