import type { ChainClient, Metagraph } from '../../shared/chain/chain-client.ts'
import type { ChainSide } from './report.ts'

/** Blocks over which the time of one is taken. */
const BLOCKS = 20
const SUBTENSOR = 'node-subtensor'

/** How a hotkey stands among the miners of a subnet. @throws StarlingError CHAIN_… */
export async function chainSide(chain: ChainClient, netuid: number, hotkey: string): Promise<ChainSide> {
  const metagraph = await chain.metagraph(netuid)
  const blockMs = await blockTime(chain, metagraph.block)
  // Subnets of Subtensor pay in a coin of their own.
  const coin = chain.info().specName === SUBTENSOR ? 'alpha' : 'TAO'
  return { ...standing(metagraph, hotkey), coin, blockMs }
}

/** The part that follows from the metagraph alone. */
export function standing(
  { neurons, block, tempo }: Metagraph,
  hotkey: string,
): Omit<ChainSide, 'coin' | 'blockMs'> {
  const own = neurons.find((neuron) => neuron.hotkey === hotkey)
  const miners = neurons.filter(({ validatorPermit, hotkey: one }) => !validatorPermit || one === hotkey)
  const incentive = own?.incentive ?? 0
  const better = miners.filter((miner) => miner.incentive > incentive).length
  const axon = own?.axon && `${own.axon.ip}:${own.axon.port}`
  return {
    block,
    uid: own?.uid,
    // Who is paid nothing has no rank.
    rank: incentive > 0 ? better + 1 : undefined,
    miners: miners.length,
    incentive,
    emission: own?.emission ?? 0n,
    tempo,
    axon,
  }
}

async function blockTime(chain: ChainClient, block: number): Promise<number | undefined> {
  const before = Math.max(1, block - BLOCKS)
  if (before >= block) return undefined
  const [first, last] = await Promise.all(
    [before, block].map(async (number) => chain.timestamp(await chain.blockHash(number))),
  )
  return first === undefined || last === undefined ? undefined : (last - first) / (block - before)
}
