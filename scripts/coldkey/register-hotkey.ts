import type { ChainClient, Neuron } from '../../shared/chain/chain-client.ts'
import { formatTao } from '../../shared/chain/tao.ts'
import type { Signer } from '../../shared/chain/wallet/signer.ts'
import { StarlingError } from '../../shared/process/errors.ts'

export interface RegisterArgs {
  readonly netuid: number
  /** ss58 */
  readonly hotkey: string
  /** rao */
  readonly maxPrice: bigint
}

/** What a registration came to. */
export type RegisterOutcome =
  | { readonly kind: 'already'; readonly uid: number }
  /** `price` in rao was the chain's when it was asked last, before the call. */
  | { readonly kind: 'registered'; readonly uid: number; readonly block: number; readonly price: bigint }
  /** To be signed elsewhere: `call` is encoded with pallet, call and arguments. */
  | { readonly kind: 'unsigned'; readonly price: bigint; readonly name: string; readonly call: string }

/**
 * Registers a hotkey for at most `maxPrice`: the chain itself holds the cap, so a price that rises on the way costs nothing.
 * Without a coldkey nothing is sent.
 * Throws `REGISTRATION_PRICE` when the price is above the cap already, and what the chain refuses.
 */
export async function registerHotkey(
  chain: ChainClient,
  args: RegisterArgs,
  coldkey: Signer | undefined,
): Promise<RegisterOutcome> {
  const { netuid, hotkey, maxPrice } = args
  const known = await neuronOf(chain, netuid, hotkey)
  if (known !== undefined) return { kind: 'already', uid: known.uid }
  const { burn: price } = await chain.hyperparameters(netuid)
  if (coldkey === undefined) {
    return { kind: 'unsigned', price, ...(await chain.unsignedCall('registerLimit', args)) }
  }
  if (price > maxPrice) {
    throw new StarlingError(
      'REGISTRATION_PRICE',
      `a registration on subnet ${netuid} costs ${formatTao(price)} TAO now, --max-price is ${formatTao(maxPrice)}`,
      'wait for a lower price, or raise --max-price',
    )
  }
  const { block } = await chain.registerLimit(coldkey, args)
  const own = await neuronOf(chain, netuid, hotkey, block.hash)
  if (own === undefined) throw new Error('a registered hotkey has a uid')
  return { kind: 'registered', uid: own.uid, block: block.number, price }
}

async function neuronOf(
  chain: ChainClient,
  netuid: number,
  hotkey: string,
  at?: string,
): Promise<Neuron | undefined> {
  const { neurons } = await chain.metagraph(netuid, at)
  return neurons.find((neuron) => neuron.hotkey === hotkey)
}
