import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What is known of a series before it has a value: for docs/metrics.md, and for the test of the dashboard. */
export interface Definition {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** Name of each label, and what it may be: a closed list, or what bounds it. */
  readonly labels: Readonly<Record<string, string>>
}

export interface SeriesOptions<L extends string> {
  /** `starling_…`, with the unit at the end; `_total` for counters. */
  readonly name: string
  /** One sentence without a full stop. */
  readonly help: string
  readonly labels?: Readonly<Record<L, string>>
}

/** The series of one program, in a registry of their own. */
export interface Metrics {
  counter<L extends string = never>(options: SeriesOptions<L>): Counter<L>
  gauge<L extends string = never>(options: SeriesOptions<L>): Gauge<L>
  histogram<L extends string = never>(
    options: SeriesOptions<L> & { readonly buckets: number[] },
  ): Histogram<L>
  /** Runs before every scrape, for what is read rather than counted. What it throws is ignored: other series still have values. */
  onScrape(read: () => void | Promise<void>): void
  /** Of the program's own series; the defaults of prom-client are not among them. */
  readonly definitions: readonly Definition[]
  /** Everything in Prometheus' text format. */
  scrape(): Promise<{ readonly contentType: string; readonly text: string }>
}

export interface MetricsOptions {
  /** Memory, handles, event loop lag and garbage collection of the process; they hold observers, so tests do without. */
  readonly withProcess?: boolean
}

/** Label of a uid: a subnet of Subtensor has 256 of them at most. */
export const UID_LABEL = { uid: 'uid on the subnet, below 256' } as const
export const MAX_UIDS = 256

/** An empty registry that nobody else writes to. */
export function createMetrics({ withProcess = false }: MetricsOptions = {}): Metrics {
  const registry = new Registry()
  if (withProcess) collectDefaultMetrics({ register: registry })
  const definitions: Definition[] = []
  const readers: (() => void | Promise<void>)[] = []

  const define = <L extends string>(type: Definition['type'], options: SeriesOptions<L>) => {
    const labels: Readonly<Record<string, string>> = options.labels ?? {}
    const { name, help } = options
    definitions.push({ name, type, help, labels })
    return { name, help, labelNames: Object.keys(labels) as L[], registers: [registry] }
  }
  return {
    definitions,
    counter: (options) => new Counter(define('counter', options)),
    gauge: (options) => new Gauge(define('gauge', options)),
    histogram: (options) => new Histogram({ ...define('histogram', options), buckets: [...options.buckets] }),
    onScrape(read) {
      readers.push(read)
    },
    async scrape() {
      await Promise.allSettled(readers.map(async (read) => read()))
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}

/** Sets a counter to a total that somebody else keeps. Where that began anew, so does the counter. */
export function readTotal<L extends string>(
  counter: Counter<L>,
  labels: Partial<Record<L, string | number>>,
  total: number,
): void {
  if (Object.keys(labels).length === 0) counter.reset()
  else counter.remove(labels)
  counter.inc(labels, total)
}
