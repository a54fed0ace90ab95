import type { ChainClient, Metagraph } from '../../shared/chain/chain-client.ts'
import { ownNeuron } from '../../shared/chain/own-neuron.ts'
import type { Signer } from '../../shared/chain/wallet/signer.ts'
import { weightsFromScores } from '../../shared/chain/weights.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import type { ScoreParts } from '../scoring/score-parts.ts'

export interface PublishedWeights {
  readonly block: number
  readonly uids: readonly number[]
  /** u16 */
  readonly weights: readonly number[]
}

/**
 * Phase 7: publishes the scores as weights, unless the chain would refuse them now.
 * @returns undefined when there is nothing to pay yet, or the rate limit still holds
 * @throws StarlingError NOT_REGISTERED, NO_PERMIT, COMMIT_REVEAL_REQUIRED, CHAIN_…
 */
export async function publishWeights(
  chain: ChainClient,
  signer: Signer,
  metagraph: Metagraph,
  scores: Readonly<Record<string, ScoreParts>>,
): Promise<PublishedWeights | undefined> {
  const { netuid } = metagraph
  const self = ownNeuron(metagraph, signer.address)
  if (!self.validatorPermit) {
    throw new StarlingError(
      'NO_PERMIT',
      `hotkey ${signer.address} has no validator permit on subnet ${netuid}`,
      'stake more, or wait for the next epoch, which gives out permits',
    )
  }
  const rules = await chain.hyperparameters(netuid)
  if (rules.commitReveal) {
    throw new StarlingError(
      'COMMIT_REVEAL_REQUIRED',
      `subnet ${netuid} takes weights by commit-reveal only`,
      'this release publishes plain weights; let the subnet’s owner switch commit-reveal off',
    )
  }
  if (metagraph.block - self.lastUpdate < rules.weightsRateLimit) return undefined
  const uidOf = new Map(metagraph.neurons.map(({ uid, hotkey }) => [hotkey, uid]))
  const { uids, weights } = weightsFromScores(
    Object.entries(scores).flatMap(([hotkey, { score }]) => {
      const uid = uidOf.get(hotkey)
      return uid === undefined ? [] : [{ uid, score }]
    }),
  )
  if (uids.length < rules.minAllowedWeights || uids.length === 0) return undefined
  const receipt = await chain.setWeights(signer, { netuid, uids, weights, versionKey: rules.versionKey })
  return { block: receipt.block.number, uids, weights }
}
