import { describeError, StarlingError } from '../process/errors.ts'
import type { Log } from '../process/logging.ts'
import type { ChainClient, Metagraph } from './chain-client.ts'

/** Who may ask: validators with a permit and enough stake, as of the last look at the chain. */
export interface Permits {
  /** Undefined when the hotkey may connect. */
  check(hotkey: string): StarlingError | undefined
  close(): void
}

export interface PermitOptions {
  readonly chain: ChainClient
  readonly netuid: number
  /** Least stake in rao, so that a permit alone does not buy work. */
  readonly minStake: bigint
  readonly refreshBlocks: number
  /** Shown every metagraph after the first. */
  readonly onLook?: (metagraph: Metagraph) => void
  readonly log: Log
}

/** Reads the metagraph now, after each epoch, and every few blocks between. A failed look keeps the last answer. */
export async function watchPermits(options: PermitOptions): Promise<Permits> {
  const { chain, netuid, minStake, log } = options
  let allowed = new Set<string>()
  let due = 0
  const refresh = async () => {
    const metagraph = await chain.metagraph(netuid)
    const { neurons, block, lastEpochBlock, tempo } = metagraph
    // Permits change with epochs, stakes and registrations at any time.
    due = Math.min(lastEpochBlock + tempo, block + options.refreshBlocks)
    allowed = new Set(neurons.filter((n) => n.validatorPermit && n.stake >= minStake).map((n) => n.hotkey))
    return metagraph
  }
  await refresh()
  const unsubscribe = chain.onBlock(({ number }) => {
    if (number < due) return
    refresh().then(options.onLook, (error: unknown) =>
      log.warn({ error: describeError(error) }, 'permits not refreshed'),
    )
  })
  return {
    check(hotkey) {
      if (allowed.has(hotkey)) return undefined
      return new StarlingError(
        'NO_PERMIT',
        `${hotkey} has no validator permit with enough stake on subnet ${netuid}`,
      )
    },
    close: unsubscribe,
  }
}
