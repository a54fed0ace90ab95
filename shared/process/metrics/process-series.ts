import type { Reason } from '../health/reason.ts'
import { VERSION } from '../version.ts'
import type { Metrics } from './create-metrics.ts'

/** What every program says of itself. */
export interface ProcessSeries {
  /** Shows what keeps the program from being ready now. */
  show(reasons: readonly Reason[]): void
}

/**
 * @param codes every reason that the program can give: the series has a row of each, so that an alert sees 0 rather than nothing
 */
export function processSeries(
  metrics: Metrics,
  program: 'miner' | 'validator',
  codes: readonly string[],
): ProcessSeries {
  const info = metrics.gauge({
    name: 'starling_info',
    help: 'Always 1; the labels say what runs',
    labels: { program: 'miner, validator', version: 'that of package.json' },
  })
  const ready = metrics.gauge({ name: 'starling_ready', help: '1 when /readyz answers 200, else 0' })
  const unready = metrics.gauge({
    name: 'starling_unready',
    help: '1 for each reason why the program is not ready, else 0',
    labels: { reason: 'one of the codes below' },
  })
  info.set({ program, version: VERSION }, 1)
  return {
    show(reasons) {
      ready.set(reasons.length === 0 ? 1 : 0)
      for (const code of codes)
        unready.set({ reason: code }, reasons.some((one) => one.code === code) ? 1 : 0)
    },
  }
}
