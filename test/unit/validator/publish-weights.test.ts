import { describe, expect, it } from 'vitest'
import type {
  ChainClient,
  Hyperparameters,
  Metagraph,
  SetWeightsArgs,
} from '../../../shared/chain/chain-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { publishWeights } from '../../../validator/round/publish-weights.ts'
import type { ScoreParts } from '../../../validator/scoring/score-parts.ts'

const signer = signerFromUri('//Alice')

/** A chain that takes any weights and remembers them. */
function chainWith(rules: Partial<Hyperparameters>) {
  const sent: SetWeightsArgs[] = []
  const chain = {
    hyperparameters: async () => ({
      weightsRateLimit: 10,
      minAllowedWeights: 1,
      versionKey: 7n,
      commitReveal: false,
      ...rules,
    }),
    setWeights: async (_signer: unknown, args: SetWeightsArgs) => {
      sent.push(args)
      return { txHash: '0x', block: { number: 101, hash: '0x' } }
    },
  } as unknown as ChainClient
  return { chain, sent }
}

function metagraphWith(self: { validatorPermit?: boolean; lastUpdate?: number } = {}): Metagraph {
  const neurons = [signer.address, 'first', 'second'].map((hotkey, uid) => {
    return { uid, hotkey, validatorPermit: true, lastUpdate: 50, ...(uid === 0 ? self : {}) }
  })
  return {
    netuid: 1,
    block: 100,
    tempo: 20,
    lastEpochBlock: 90,
    epochIndex: 3,
    neurons,
  } as unknown as Metagraph
}

const scores = { first: { score: 0.8 }, second: { score: 0.4 }, gone: { score: 1 } } as unknown as Record<
  string,
  ScoreParts
>
const publish = (rules: Partial<Hyperparameters> = {}, self = {}, given = scores) => {
  const { chain, sent } = chainWith(rules)
  return { result: publishWeights(chain, signer, metagraphWith(self), given), sent }
}

describe('publishWeights', () => {
  it('sends the scores of registered hotkeys by uid, with the network’s version key', async () => {
    const { result, sent } = publish()
    expect(await result).toEqual({ block: 101, uids: [1, 2], weights: [65535, 32768] })
    expect(sent).toEqual([{ netuid: 1, uids: [1, 2], weights: [65535, 32768], versionKey: 7n }])
  })

  it.each([
    ['the rate limit holds', {}, { lastUpdate: 95 }, scores],
    ['nobody has a score', {}, {}, {}],
    ['there are fewer weights than the network allows', { minAllowedWeights: 3 }, {}, scores],
  ])('waits while %s', async (_name, rules, self, given) => {
    const { result, sent } = publish(rules, self, given)
    expect(await result).toBeUndefined()
    expect(sent).toEqual([])
  })

  it.each([
    ['NO_PERMIT', {}, { validatorPermit: false }],
    ['COMMIT_REVEAL_REQUIRED', { commitReveal: true }, {}],
  ])('says %s instead of sending what the chain refuses', async (code, rules, self) => {
    const { result, sent } = publish(rules, self)
    await expect(result).rejects.toMatchObject({ code })
    expect(sent).toEqual([])
  })
})
