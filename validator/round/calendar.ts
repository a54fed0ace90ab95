/** Tells which rounds are due, block by block, so that each of them is begun or named. */
export interface RoundCalendar {
  /** @param block number of the newest block; an older one than before says nothing */
  see(block: number): {
    /** The round that this very block opens. */
    readonly due: number | undefined
    /** Rounds whose block was never seen, and why. */
    readonly missed: readonly { readonly round: number; readonly reason: string }[]
  }
}

/** @param roundBlocks blocks from one round to the next */
export function createRoundCalendar(roundBlocks: number): RoundCalendar {
  // A round under way when the first block is seen was never this process's.
  let newest: number | undefined
  return {
    see(block) {
      const round = Math.floor(block / roundBlocks)
      const opens = block % roundBlocks === 0
      newest ??= opens ? round - 1 : round
      const missed = []
      for (let number = newest + 1; number < round + (opens ? 0 : 1); number++)
        missed.push({ round: number, reason: 'its block came while the chain was out of sight' })
      const due = opens && round > newest ? round : undefined
      newest = Math.max(newest, round)
      return { due, missed }
    },
  }
}
