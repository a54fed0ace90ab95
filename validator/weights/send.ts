import type { ChainClient, Receipt, UnsignedCall } from '../../shared/chain/chain-client.ts'
import type { Signer } from '../../shared/chain/wallet/signer.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import type { WeightsIntent } from '../store/entries.ts'
import type { Prepared } from './make-intent.ts'

/** Errors after which a transaction may still get into a block. */
const OPEN_ENDED = ['CHAIN_TIMEOUT', 'CHAIN_UNREACHABLE', 'CHAIN_CLOSED', 'CHAIN_OUTCOME_UNKNOWN']

/** Sends what an intent says: the weights themselves, or a commit to them. */
export function sendIntent(
  chain: Pick<ChainClient, 'setWeights' | 'commitWeights' | 'commitTimelockedWeights'>,
  signer: Signer,
  netuid: number,
  { intent, timelocked }: Prepared,
): Promise<Receipt> {
  if (timelocked !== undefined) return chain.commitTimelockedWeights(signer, { netuid, ...timelocked })
  if (intent.method === 'hash-commit')
    return chain.commitWeights(signer, { netuid, commitHash: intent.hash! })
  return chain.setWeights(signer, { netuid, ...weightsOf(intent) })
}

/** What {@link sendIntent} would send. */
export function encodeIntent(
  chain: Pick<ChainClient, 'unsignedCall'>,
  netuid: number,
  { intent, timelocked }: Prepared,
): Promise<UnsignedCall> {
  if (timelocked !== undefined)
    return chain.unsignedCall('commitTimelockedWeights', { netuid, ...timelocked })
  if (intent.method === 'hash-commit')
    return chain.unsignedCall('commitWeights', { netuid, commitHash: intent.hash! })
  return chain.unsignedCall('setWeights', { netuid, ...weightsOf(intent) })
}

/** Opens a hash commit. The chain takes that once only, so it may be tried again. */
export function sendReveal(
  chain: Pick<ChainClient, 'revealWeights'>,
  signer: Signer,
  netuid: number,
  intent: WeightsIntent,
): Promise<Receipt> {
  return chain.revealWeights(signer, { netuid, ...weightsOf(intent), salt: intent.salt ?? [] })
}

/** True for an error after which the transaction is in no block, or is in one and changed nothing. */
export function isDefinite(error: unknown): boolean {
  return error instanceof StarlingError && !OPEN_ENDED.includes(error.code)
}

function weightsOf({ uids, weights, versionKey }: WeightsIntent) {
  return { uids, weights, versionKey: BigInt(versionKey) }
}
