import type { BlockHeader } from '../../shared/chain/chain-client.ts'

/** Blocks that must have passed before the mean says anything. */
const ENOUGH = 5
/** Blocks that the mean goes back. */
const WINDOW = 100

/** How long a block takes on this chain, as seen from here. */
export interface BlockTime {
  /** Takes note that `header` came at `ms`, by a clock that nobody sets. */
  see(header: BlockHeader, ms: number): void
  /** Milliseconds a block, over the last hundred; undefined before the first five. */
  mean(): number | undefined
}

export function createBlockTime(): BlockTime {
  const seen: { block: number; ms: number }[] = []
  return {
    see({ number }, ms) {
      if (number <= (seen.at(-1)?.block ?? -1)) return
      seen.push({ block: number, ms })
      while (number - seen[0]!.block > WINDOW) seen.shift()
    },
    mean() {
      const [first, last] = [seen[0], seen.at(-1)]
      if (first === undefined || last === undefined || last.block - first.block < ENOUGH) return undefined
      const mean = (last.ms - first.ms) / (last.block - first.block)
      return mean > 0 ? mean : undefined
    },
  }
}
