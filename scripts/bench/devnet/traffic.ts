import type { ChainAdmin, ChainClient } from '../../../shared/chain/chain-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import type { Signer } from '../../../shared/chain/wallet/signer.ts'
import { below, pick, type Random } from '../../../shared/inference/random.ts'
import { StarlingError } from '../../../shared/process/errors.ts'

const RAO_PER_TAO = 1_000_000_000n
const VALIDATORS = 3
const MINERS = 9
const ROOT = signerFromUri('//Alice')
const TEMPO = 20
/** Accounts that transfers go to: a fixed set, so that the state does not grow with the number of blocks. */
const RECIPIENTS = 64
/** Transactions on their way at once. */
const MAX_UNDER_WAY = 32

/** A subnet with validators and miners, whose keys are the run's own. */
export interface Subnet {
  readonly netuid: number
  readonly validators: readonly Signer[]
  readonly uids: readonly number[]
}

/** Registers a subnet with neurons and stakes, as its owner would. */
export async function createSubnet(chain: ChainClient & ChainAdmin): Promise<Subnet> {
  const { netuid } = await chain.registerNetwork(ROOT, { hotkey: signerFromUri('//soak//owner').address })
  await chain.setHyperparameters(ROOT, netuid, { tempo: TEMPO, weightsRateLimit: 0, minAllowedWeights: 1 })
  const validators = Array.from({ length: VALIDATORS }, (_, at) => signerFromUri(`//soak//validator//${at}`))
  const miners = Array.from({ length: MINERS }, (_, at) => signerFromUri(`//soak//miner//${at}`))
  await Promise.all(
    [...validators, ...miners].map(({ address: hotkey }) => chain.burnedRegister(ROOT, { netuid, hotkey })),
  )
  await Promise.all(
    validators.map(({ address: hotkey }) =>
      chain.addStake(ROOT, { netuid, hotkey, amount: 1_000n * RAO_PER_TAO }),
    ),
  )
  const { neurons } = await chain.metagraph(netuid)
  return { netuid, validators, uids: neurons.map(({ uid }) => uid) }
}

/** What became of the transactions so far. */
export interface Tally {
  sent: number
  included: number
  /** Refusals by code. */
  readonly refused: Map<string, number>
}

/** Sends transactions at a steady rate until it is stopped. */
export interface Traffic {
  readonly tally: Tally
  /** Sends no more; waits for what is under way, whose end a dead node may keep back. */
  stop(): Promise<void>
}

/**
 * Half transfers, a third weights, the rest stakes that come and go.
 * @param rate transactions a block, on average
 */
export function startTraffic(chain: ChainClient, subnet: Subnet, rate: number, random: Random): Traffic {
  const tally: Tally = { sent: 0, included: 0, refused: new Map() }
  const underWay = new Set<Promise<void>>()
  let credit = 0

  const send = () => {
    tally.sent++
    const done = nextTransaction(chain, subnet, random).then(
      () => {
        tally.included++
      },
      (error: unknown) => {
        const code = error instanceof StarlingError ? error.code : String(error)
        tally.refused.set(code, (tally.refused.get(code) ?? 0) + 1)
      },
    )
    const tracked: Promise<void> = done.finally(() => underWay.delete(tracked))
    underWay.add(tracked)
  }
  const unsubscribe = chain.onBlock(() => {
    credit = Math.min(credit + rate, MAX_UNDER_WAY)
    for (; credit >= 1 && underWay.size < MAX_UNDER_WAY; credit--) send()
  })
  return {
    tally,
    async stop() {
      unsubscribe()
      await Promise.all(underWay)
    },
  }
}

function nextTransaction(chain: ChainClient, subnet: Subnet, random: Random): Promise<unknown> {
  const { netuid, validators, uids } = subnet
  const validator = pick(random, validators)
  const kind = random()
  if (kind < 1 / 2) {
    const to = signerFromUri(`//soak//recipient//${below(random, RECIPIENTS)}`).address
    return chain.transfer(ROOT, { to, amount: BigInt(1 + below(random, 1_000)) * 1_000_000n })
  }
  if (kind < 5 / 6) {
    const weights = uids.map(() => 1 + below(random, 65_535))
    return chain.setWeights(validator, { netuid, uids, weights, versionKey: 0n })
  }
  const stake = { netuid, hotkey: validator.address, amount: RAO_PER_TAO }
  return random() < 1 / 2 ? chain.addStake(ROOT, stake) : chain.removeStake(ROOT, stake)
}
