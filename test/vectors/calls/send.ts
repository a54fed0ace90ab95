import type { ChainAdmin, ChainClient, Receipt } from '../../../shared/chain/chain-client.ts'
import { fromHex } from '../../../shared/chain/devnet/runtime/scale.ts'
import type { Signer } from '../../../shared/chain/wallet/signer.ts'

/** Arguments by the pallets' own names; each call has some of them. Wide integers are text. */
export interface CallArguments {
  netuid: number
  mecid?: number
  dests: number[]
  uids: number[]
  weights: number[]
  values: number[]
  salt: number[]
  version_key: string
  commit_hash: string
  commit: string
  reveal_round: string
  commit_reveal_version: number
  version: number
  ip: string
  port: number
  ip_type: number
  hotkey: string
  limit_price: string
  amount_staked: string
  amount_unstaked: string
  dest: string
  value: string
  data: string
}

type Client = ChainClient & ChainAdmin
type Send = (chain: Client, signer: Signer, args: CallArguments) => Promise<Receipt>

const mechanism = ({ mecid }: CallArguments) => (mecid === undefined ? {} : { mechanism: mecid })

const setWeights: Send = (chain, signer, args) =>
  chain.setWeights(signer, {
    netuid: args.netuid,
    ...mechanism(args),
    uids: args.dests,
    weights: args.weights,
    versionKey: BigInt(args.version_key),
  })

const commitWeights: Send = (chain, signer, args) =>
  chain.commitWeights(signer, { netuid: args.netuid, ...mechanism(args), commitHash: args.commit_hash })

const revealWeights: Send = (chain, signer, args) =>
  chain.revealWeights(signer, {
    netuid: args.netuid,
    ...mechanism(args),
    uids: args.uids,
    weights: args.values,
    salt: args.salt,
    versionKey: BigInt(args.version_key),
  })

const commitTimelocked: Send = (chain, signer, args) =>
  chain.commitTimelockedWeights(signer, {
    netuid: args.netuid,
    ...mechanism(args),
    commit: Buffer.from(args.commit.slice(2), 'hex'),
    revealRound: Number(args.reveal_round),
    version: args.commit_reveal_version,
  })

/** The port's operation that each of Subtensor's calls belongs to. */
const SENDS: Readonly<Record<string, Send>> = {
  set_weights: setWeights,
  set_mechanism_weights: setWeights,
  commit_weights: commitWeights,
  commit_mechanism_weights: commitWeights,
  reveal_weights: revealWeights,
  reveal_mechanism_weights: revealWeights,
  commit_timelocked_weights: commitTimelocked,
  commit_timelocked_mechanism_weights: commitTimelocked,
  serve_axon: (chain, signer, { netuid, version, ip, port, ip_type }) =>
    chain.serveAxon(signer, { netuid, version, ip: ipText(BigInt(ip), ip_type), port }),
  burned_register: (chain, signer, { netuid, hotkey }) => chain.burnedRegister(signer, { netuid, hotkey }),
  register_limit: (chain, signer, { netuid, hotkey, limit_price }) =>
    chain.registerLimit(signer, { netuid, hotkey, maxPrice: BigInt(limit_price) }),
  add_stake: (chain, signer, { hotkey, netuid, amount_staked }) =>
    chain.addStake(signer, { hotkey, netuid, amount: BigInt(amount_staked) }),
  remove_stake: (chain, signer, { hotkey, netuid, amount_unstaked }) =>
    chain.removeStake(signer, { hotkey, netuid, amount: BigInt(amount_unstaked) }),
  register_network: (chain, signer, { hotkey }) => chain.registerNetwork(signer, { hotkey }),
  // Its one argument besides netuid is `{ fields: [Raw<n>(data)] }`.
  set_commitment: async (chain, signer, { netuid, data }) => {
    const { block, blockHash } = await chain.anchor(signer, netuid, fromHex(data))
    return { txHash: '', block: { number: block, hash: blockHash } }
  },
  transfer_keep_alive: (chain, signer, { dest, value }) =>
    chain.transfer(signer, { to: dest, amount: BigInt(value) }),
}

/** AdminUtils' calls: the hyperparameters that their arguments after netuid are. */
const HYPERPARAMETERS: Readonly<Record<string, readonly string[]>> = {
  sudo_set_tempo: ['tempo'],
  sudo_set_weights_set_rate_limit: ['weightsRateLimit'],
  sudo_set_min_allowed_weights: ['minAllowedWeights'],
  sudo_set_weights_version_key: ['versionKey'],
  sudo_set_commit_reveal_weights_enabled: ['commitReveal'],
  sudo_set_commit_reveal_weights_interval: ['revealPeriodEpochs'],
  sudo_set_kappa: ['kappa'],
  sudo_set_immunity_period: ['immunityPeriod'],
  sudo_set_min_non_immune_uids: ['minNonImmuneUids'],
  sudo_set_activity_cutoff: ['activityCutoff'],
  sudo_set_max_allowed_uids: ['maxAllowedUids'],
  sudo_set_max_allowed_validators: ['maxAllowedValidators'],
  sudo_set_serving_rate_limit: ['servingRateLimit'],
  sudo_set_bonds_moving_average: ['bondsMovingAverage'],
  sudo_set_bonds_penalty: ['bondsPenalty'],
  sudo_set_yuma3_enabled: ['yuma3'],
  sudo_set_liquid_alpha_enabled: ['liquidAlpha'],
  sudo_set_alpha_sigmoid_steepness: ['alphaSigmoidSteepness'],
  sudo_set_alpha_values: ['alphaLow', 'alphaHigh'],
}

/** Sends one of Subtensor's calls with the port's operation for it. `call` is `Pallet.call`. */
export async function send(chain: Client, signer: Signer, call: string, args: CallArguments): Promise<void> {
  const [, name = ''] = call.split('.')
  const operation = SENDS[name]
  if (operation !== undefined) {
    await operation(chain, signer, args)
    return
  }
  const [netuid, ...values] = Object.values(args)
  const named = (HYPERPARAMETERS[name] ?? []).map((parameter, i) => [
    parameter,
    typeof values[i] === 'string' ? BigInt(values[i]) : values[i],
  ])
  if (named.length === 0) throw new Error(`nothing sends ${call}`)
  await chain.setHyperparameters(signer, Number(netuid), Object.fromEntries(named))
}

function ipText(ip: bigint, type: number): string {
  const size = type === 4 ? 8n : 16n
  const count = type === 4 ? 4 : 8
  const parts = Array.from({ length: count }, (_, i) => (ip >> (size * BigInt(count - 1 - i))) % (1n << size))
  return parts.map((part) => part.toString(type === 4 ? 10 : 16)).join(type === 4 ? '.' : ':')
}
