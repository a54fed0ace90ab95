import { watchMiner } from '../../miner/watch/miner-watch.ts'
import { watchChain } from '../../shared/chain/watch-chain.ts'
import type { Engine } from '../../shared/inference/engine.ts'
import { createMetrics, type Definition } from '../../shared/process/metrics/create-metrics.ts'
import { emptyScoreBook } from '../../validator/scoring/score-book.ts'
import { watchValidator } from '../../validator/watch/validator-watch.ts'

const clock = { now: () => 0, monotonic: () => 0 }
const nothing = {
  chain: watchChain(0, clock),
  writesStopped: () => undefined,
  ...{ hotkey: '', netuid: 0, clock },
}

/** Every series of each program, as the program itself makes them. @param folder that holds no receipts */
export function definitionsOf(folder: string): {
  readonly miner: readonly Definition[]
  readonly validator: readonly Definition[]
} {
  const miner = createMetrics()
  const validator = createMetrics()
  const backend = { model: {} } as unknown as Engine
  watchMiner({ ...nothing, metrics: miner, backend, miner: () => undefined, stateFolder: folder })
  watchValidator({
    ...{ ...nothing, metrics: validator, engines: [], roundBlocks: 1 },
    ...{ book: emptyScoreBook, scores: () => ({}), sessions: () => [], stateBytes: () => 0 },
  })
  return { miner: miner.definitions, validator: validator.definitions }
}
