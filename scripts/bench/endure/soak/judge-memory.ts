import { isFlat, type Look, type Trend, trendOf } from './slope.ts'
import { MEASURES, type Measure, type ProcessLooks } from './watch-processes.ts'

/** What counts as growth, beyond a tenth of what there is: MB, and handles. */
const NOISE: Readonly<Record<Measure, number>> = {
  ...{ rss: 20, heap: 5, external: 5 },
  ...{ descriptors: 6, timers: 10, sockets: 6 },
}
const SHARE = 0.1
/** Compilers, caches and pools fill up first. */
const WARM_UP_MS = 5 * 60_000
/** A life that is shorter says nothing of growth. */
const LEAST_MS = 10 * 60_000
const LEAST_LOOKS = 10

export interface JudgedProcess {
  readonly pid: number
  readonly name: string
  /** Seconds that it was seen. */
  readonly seconds: number
  /** The longest that its event loop stood still, milliseconds, after the warm-up. */
  readonly blockedMs: number
  /** Middle value and growth after the warm-up, by measure; empty of a life that was too short to tell. */
  readonly trends: Readonly<Partial<Record<Measure, Trend>>>
  /** What grew. */
  readonly grew: readonly Measure[]
}

/** @param began milliseconds since the epoch at which load began */
export function judgeMemory(
  processes: readonly (ProcessLooks & { readonly delays: readonly Look[] })[],
  began: number,
): readonly JudgedProcess[] {
  return processes.map(({ pid, name, looks, delays }) => {
    const seen = looks.descriptors
    const start = Math.max(began, seen[0]?.[0] ?? began) + WARM_UP_MS
    const after = (series: readonly Look[]) => series.filter(([at]) => at >= start)
    const isLong = (seen.at(-1)?.[0] ?? 0) - start >= LEAST_MS
    const trends: Partial<Record<Measure, Trend>> = {}
    for (const measure of MEASURES) {
      const trend = isLong ? trendOf(after(looks[measure]), LEAST_LOOKS) : undefined
      if (trend !== undefined) trends[measure] = trend
    }
    return {
      ...{ pid, name, trends },
      seconds: Math.round(((seen.at(-1)?.[0] ?? 0) - (seen[0]?.[0] ?? 0)) / 1_000),
      blockedMs: Math.max(0, ...(isLong ? after(delays) : delays).map(([, ms]) => ms)),
      grew: MEASURES.filter((measure) => {
        const trend = trends[measure]
        return trend !== undefined && !isFlat(trend, SHARE, NOISE[measure])
      }),
    }
  })
}
