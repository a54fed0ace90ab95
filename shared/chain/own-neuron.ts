import { StarlingError } from '../process/errors.ts'
import type { Metagraph, Neuron } from './chain-client.ts'

/** The neuron of a hotkey. @throws StarlingError NOT_REGISTERED */
export function ownNeuron({ netuid, neurons }: Metagraph, hotkey: string): Neuron {
  const neuron = neurons.find((candidate) => candidate.hotkey === hotkey)
  if (neuron !== undefined) return neuron
  throw new StarlingError(
    'NOT_REGISTERED',
    `hotkey ${hotkey} is not registered on subnet ${netuid}`,
    'register it with its coldkey first: npm run register',
  )
}
