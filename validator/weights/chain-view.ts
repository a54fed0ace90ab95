import type {
  ChainClient,
  EpochSchedule,
  Hyperparameters,
  Metagraph,
  Neuron,
  UidWeights,
  WeightCommit,
} from '../../shared/chain/chain-client.ts'
import { ownNeuron } from '../../shared/chain/own-neuron.ts'
import type { WeightFacts } from '../../shared/chain/weight-rules/facts.ts'
import { type ShapeRules, shapeWeights } from '../../shared/chain/weight-rules/shape-weights.ts'

/** What the chain says about a validator's weights. The metagraph is the oldest part; the rest is of its block or later. */
export interface ChainView {
  readonly metagraph: Metagraph
  readonly self: Neuron
  readonly rules: Hyperparameters
  readonly schedule: EpochSchedule
  /** The validator's row. */
  readonly onChain: UidWeights
  /** Its commits that the chain holds. */
  readonly commits: readonly WeightCommit[]
}

/** What the rules ask about; also of a hotkey without a uid. */
export type SubnetView = Pick<ChainView, 'metagraph' | 'rules' | 'schedule' | 'commits'> & {
  readonly self: Neuron | undefined
}

/** @throws StarlingError NOT_REGISTERED, CHAIN_… */
export async function readChainView(
  chain: Pick<ChainClient, 'metagraph' | 'hyperparameters' | 'epochSchedule' | 'weights' | 'weightCommits'>,
  netuid: number,
  hotkey: string,
): Promise<ChainView> {
  const metagraph = await chain.metagraph(netuid)
  const self = ownNeuron(metagraph, hotkey)
  const [rules, schedule, onChain, commits] = await Promise.all([
    chain.hyperparameters(netuid),
    chain.epochSchedule(netuid),
    chain.weights({ netuid, uid: self.uid }),
    chain.weightCommits({ netuid, hotkey }),
  ])
  return { metagraph, self, rules, schedule, onChain, commits }
}

/** Scores by hotkey as weights for this subnet; hotkeys that left it get none, and whoever has their uid now gets its own. */
export function draftWeights(
  {
    metagraph,
    rules,
  }: {
    readonly metagraph: { readonly neurons: readonly Pick<Neuron, 'uid' | 'hotkey'>[] }
    readonly rules: Omit<ShapeRules, 'neurons'>
  },
  scores: Readonly<Record<string, { readonly score: number }>>,
): UidWeights {
  const uidOf = new Map(metagraph.neurons.map(({ uid, hotkey }) => [hotkey, uid]))
  const byUid = Object.entries(scores).flatMap(([hotkey, { score }]) => {
    const uid = uidOf.get(hotkey)
    return uid === undefined ? [] : [{ uid, score }]
  })
  return shapeWeights(byUid, { ...rules, neurons: metagraph.neurons.length })
}

/** What the rules need to judge these weights; `version_key` is what the subnet asks for unless given. */
export function weightFacts(
  { metagraph, self, rules, schedule, commits }: SubnetView,
  { uids, weights }: UidWeights,
  versionKey: bigint = rules.versionKey,
): WeightFacts {
  const counted = commits.filter(
    ({ epoch }) => rules.commitScheme === 'hash' || epoch === schedule.epochIndex,
  )
  return {
    netuid: metagraph.netuid,
    mechanism: 0,
    block: metagraph.block,
    uids,
    weights,
    versionKey,
    subnet: {
      neurons: metagraph.neurons.length,
      self,
      ownerUid: metagraph.neurons.find(({ hotkey }) => hotkey === metagraph.ownerHotkey)?.uid,
      unrevealedCommits: counted.length,
      rules,
    },
  }
}
