import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MINER_CODES } from '../../../miner/watch/readiness.ts'
import { definitionsOf } from '../../../scripts/metrics/definitions.ts'
import { REASONS } from '../../../scripts/metrics/introduction.ts'
import { renderMetrics } from '../../../scripts/metrics/render.ts'
import type { Definition } from '../../../shared/process/metrics/create-metrics.ts'
import { VALIDATOR_CODES } from '../../../validator/watch/readiness.ts'

const ROOT = join(import.meta.dirname, '../../..')
const definitions = definitionsOf(mkdtempSync(join(tmpdir(), 'metrics-')))
const all = new Map<string, Definition>(
  [...definitions.miner, ...definitions.validator].map((one) => [one.name, one]),
)
const dashboard = readFileSync(join(ROOT, 'deploy/grafana/starling.json'), 'utf8')

interface Panel {
  readonly id: number
  readonly title: string
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[]
}
const panels: Panel[] = JSON.parse(dashboard).panels
const queries = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr, legendFormat }) => ({ title, expr, legendFormat })),
)

/** Series of prom-client itself that the dashboard may use. */
const OF_THE_PROCESS = ['nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes']
/** Labels that Prometheus adds, or that a histogram has. */
const OF_PROMETHEUS = ['instance', 'le']

/** The definition behind a name in a query: a histogram has three series. */
function definitionOf(name: string): Definition | undefined {
  const histogram = all.get(name.replace(/_(bucket|count|sum)$/, ''))
  return all.get(name) ?? (histogram?.type === 'histogram' ? histogram : undefined)
}

const namesIn = (expr: string) => [...expr.matchAll(/\b(\w+)\{/g)].map(([, name]) => name!)
function labelsIn(expr: string, legend: string): string[] {
  const selected = [...expr.matchAll(/[{,]\s*(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label!)
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) =>
    list!.split(',').map((one) => one.trim()),
  )
  const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!)
  return [...selected, ...grouped, ...shown]
}

describe('docs/metrics.md', () => {
  it('is what the code has (npm run metrics)', () => {
    expect(readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8') === renderMetrics(definitions)).toBe(true)
  })

  it('explains every reason of /readyz, and no other', () => {
    expect(Object.keys(REASONS).sort()).toEqual([...new Set([...VALIDATOR_CODES, ...MINER_CODES])].sort())
  })
})

describe('series', () => {
  it('are named after the project, with their unit at the end', () => {
    for (const { name, type } of all.values()) {
      expect(name).toMatch(/^starling_[a-z_]+$/)
      if (type === 'counter') expect(name).toMatch(/_total$/)
      else if (!['starling_info', 'starling_ready', 'starling_unready', 'starling_engine_up'].includes(name))
        expect(name).toMatch(/_(seconds|bytes|blocks|block|ratio|count|number|requests|rao|score|rank)$/)
    }
  })

  it('have labels that are bounded by uids, closed lists, or the operator’s own models', () => {
    const labels = new Set([...all.values()].flatMap((one) => Object.keys(one.labels)))
    expect([...labels].sort()).toEqual(
      [
        'check',
        'class',
        'code',
        'direction',
        'model',
        'phase',
        'program',
        'reason',
        'result',
        'state',
        'step',
        'type',
      ].concat(['uid', 'validator', 'version']),
    )
  })
})

describe('deploy/grafana/starling.json', () => {
  it('asks for nothing that the code does not have', () => {
    const names = queries.flatMap(({ expr }) => namesIn(expr))
    expect(names.length).toBeGreaterThan(40)
    expect(
      names.filter((name) => definitionOf(name) === undefined && !OF_THE_PROCESS.includes(name)),
    ).toEqual([])
  })

  it('uses only labels that the series has', () => {
    const wrong = queries.flatMap(({ title, expr, legendFormat }) => {
      const known = namesIn(expr).flatMap((name) => Object.keys(definitionOf(name)?.labels ?? {}))
      return labelsIn(expr, legendFormat)
        .filter((label) => ![...known, ...OF_PROMETHEUS].includes(label))
        .map((label) => `${title}: ${label}`)
    })
    expect(wrong).toEqual([])
  })

  it('shows every series', () => {
    const shown = new Set(
      queries.flatMap(({ expr }) => namesIn(expr).map((name) => definitionOf(name)?.name)),
    )
    expect([...all.keys()].filter((name) => !shown.has(name))).toEqual([])
  })

  it('has panels that can be told apart, and no data source of somebody’s own', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    expect(
      [...dashboard.matchAll(/"uid": "([^"]*)"/g)]
        .map(([, uid]) => uid)
        .filter((uid) => uid !== 'starling' && !/^\$\{datasource\}$/.test(uid!)),
    ).toEqual([])
  })
})
