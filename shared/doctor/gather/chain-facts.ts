import type { ChainClient } from '../../chain/chain-client.ts'
import type { Clock } from '../../process/clock.ts'
import type { ChainFacts, HeadFacts } from '../checks/chain.ts'
import type { PlaceFacts } from '../checks/place.ts'

/** Blocks back from the newest to tell how long one takes. */
const BLOCK_TIME_OVER = 10

/** @param waitMs how long a new block is waited for; what a block takes on this chain, and half as much again, if that is known and less */
export async function chainFacts(
  chain: ChainClient,
  expectedGenesis: string | undefined,
  clock: Clock,
  waitMs: number,
): Promise<ChainFacts> {
  const { specName, specVersion, genesisHash } = chain.info()
  const begun = clock.monotonic()
  await chain.head()
  const latencyMs = clock.monotonic() - begun
  return {
    runtime: `${specName}/${specVersion}`,
    genesisHash,
    expectedGenesis,
    latencyMs,
    writesStopped: chain.writesStopped(),
    head: await newestBlock(chain, clock, waitMs),
  }
}

/** The next block as it comes, or the newest where none comes in time. */
async function newestBlock(chain: ChainClient, clock: Clock, waitMs: number): Promise<HeadFacts> {
  const begun = clock.monotonic()
  const came = await nextBlock(chain, clock, waitMs)
  const waitedMs = clock.monotonic() - begun
  const { number, hash, seenAt } = came ?? { ...(await chain.head()), seenAt: clock.now() }
  const madeAt = await chain.timestamp(hash)
  const blockMs = madeAt === undefined ? undefined : await blockTime(chain, number, madeAt)
  return { number, madeAt, seenAt, isNew: came !== undefined, waitedMs, blockMs }
}

function nextBlock(chain: ChainClient, clock: Clock, waitMs: number) {
  return new Promise<{ number: number; hash: string; seenAt: number } | undefined>((resolve) => {
    const timer = setTimeout(() => done(undefined), waitMs)
    const unsubscribe = chain.onBlock((header) => done({ ...header, seenAt: clock.now() }))
    const done = (found: { number: number; hash: string; seenAt: number } | undefined) => {
      clearTimeout(timer)
      unsubscribe()
      resolve(found)
    }
  })
}

async function blockTime(chain: ChainClient, number: number, madeAt: number): Promise<number | undefined> {
  const earlier = Math.max(1, number - BLOCK_TIME_OVER)
  if (earlier >= number) return undefined
  const before = await chain.timestamp(await chain.blockHash(earlier))
  return before === undefined ? undefined : (madeAt - before) / (number - earlier)
}

/** @throws StarlingError CHAIN_… */
export async function placeFacts(chain: ChainClient, netuid: number, hotkey: string): Promise<PlaceFacts> {
  const [{ neurons }, { burn, stakeThreshold }] = await Promise.all([
    chain.metagraph(netuid),
    chain.hyperparameters(netuid),
  ])
  const neuron = neurons.find((one) => one.hotkey === hotkey)
  return { netuid, hotkey, neuron, price: burn, stakeThreshold }
}
