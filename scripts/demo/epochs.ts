import type { Metagraph } from '../../shared/chain/chain-client.ts'
import type { EpochFacts } from './facts.ts'

/** Follows what the chain pays, epoch by epoch, from the growth of every hotkey's stake. */
export interface EpochWatch {
  readonly epochs: readonly EpochFacts[]
  /** The newest metagraph. */
  readonly latest: Metagraph
  /** Takes a newer metagraph; returns the epoch that ended in between, if one did. */
  see(metagraph: Metagraph): EpochFacts | undefined
}

export function watchEpochs(first: Metagraph): EpochWatch {
  const epochs: EpochFacts[] = []
  let latest = first
  return {
    epochs,
    get latest() {
      return latest
    },
    see(metagraph) {
      const before = latest
      latest = metagraph
      if (metagraph.epochIndex === before.epochIndex) return undefined
      const stakeBefore = new Map(before.neurons.map(({ hotkey, stake }) => [hotkey, stake]))
      const epoch: EpochFacts = {
        epoch: metagraph.epochIndex,
        block: metagraph.lastEpochBlock,
        paidRao: Object.fromEntries(
          metagraph.neurons.map(({ hotkey, stake }) => [hotkey, stake - (stakeBefore.get(hotkey) ?? stake)]),
        ),
        paysMiners: metagraph.neurons.some(({ incentive }) => incentive > 0),
      }
      epochs.push(epoch)
      return epoch
    },
  }
}
