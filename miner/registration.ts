import type { Metagraph, Neuron } from '../shared/chain/chain-client.ts'
import { StarlingError } from '../shared/process/errors.ts'

/** What a look at the metagraph says of the miner's place on the subnet. */
export type Standing =
  | { kind: 'kept' }
  | { kind: 'moved'; neuron: Neuron }
  | { kind: 'lost'; error: StarlingError }

/**
 * Follows one hotkey through the metagraphs that it is shown. A uid says nothing: it may pass to another hotkey, and this
 * hotkey may come back on another uid; only the hotkey with the block of its registration is a place.
 */
export interface Registration {
  look(metagraph: Metagraph): Standing
}

/** @param neuron the miner's neuron as of block `block` */
export function followRegistration(netuid: number, neuron: Neuron, block: number): Registration {
  let newest = block
  let { registeredAt } = neuron
  return {
    look(metagraph) {
      // After a change of endpoint the chain may seem to stand where it stood before.
      if (metagraph.block < newest) return { kind: 'kept' }
      newest = metagraph.block
      const found = metagraph.neurons.find(({ hotkey }) => hotkey === neuron.hotkey)
      if (found === undefined) return { kind: 'lost', error: deregistered(netuid, neuron, metagraph) }
      if (found.registeredAt === registeredAt) return { kind: 'kept' }
      registeredAt = found.registeredAt
      return { kind: 'moved', neuron: found }
    },
  }
}

function deregistered(netuid: number, { hotkey, uid }: Neuron, { block, neurons }: Metagraph): StarlingError {
  const heir = neurons[uid]?.hotkey
  const place = heir === undefined ? `uid ${uid}` : `uid ${uid}, which is ${heir}'s now`
  return new StarlingError(
    'DEREGISTERED',
    `hotkey ${hotkey} lost its place on subnet ${netuid} (${place}) by block ${block}`,
    'register it again with npm run register, then start the miner again',
  )
}
