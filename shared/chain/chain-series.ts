import { type Metrics, readTotal } from '../process/metrics/create-metrics.ts'
import type { ChainWatch } from './watch-chain.ts'

/** The chain as this program sees it, read when Prometheus asks. */
export function chainSeries(metrics: Metrics, watch: ChainWatch): void {
  const head = metrics.gauge({
    name: 'starling_chain_head_block',
    help: 'Number of the newest finalized block',
  })
  const age = metrics.gauge({
    name: 'starling_chain_head_age_seconds',
    help: 'Seconds since a new block came; a validator frozen on a dead socket shows here first',
  })
  const connections = metrics.counter({
    name: 'starling_chain_connections_total',
    help: 'Connections to an endpoint taken into use; each after the first is a reconnection or a change of endpoint',
  })
  const switches = metrics.counter({
    name: 'starling_chain_endpoint_switches_total',
    help: 'Connections to another endpoint than the one before',
  })
  const failures = metrics.counter({
    name: 'starling_chain_read_failures_total',
    help: 'Reads of metagraph and hyperparameters that failed, after a second endpoint was asked',
  })
  metrics.onScrape(() => {
    const { block, ageSeconds } = watch.head()
    head.set(block ?? Number.NaN)
    age.set(ageSeconds)
    readTotal(connections, {}, watch.connections())
    readTotal(switches, {}, watch.switches())
    readTotal(failures, {}, watch.failures())
  })
}
