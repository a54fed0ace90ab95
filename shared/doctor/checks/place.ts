import { formatTao } from '../../chain/tao.ts'
import { type Finding, failure, ok, warning } from '../finding.ts'

/** A hotkey's place on a subnet, as of the newest block. */
export interface PlaceFacts {
  readonly netuid: number
  readonly hotkey: string
  /** undefined where the hotkey is not registered. */
  readonly neuron:
    | {
        readonly uid: number
        readonly validatorPermit: boolean
        readonly stake: bigint
        readonly axon: Address | undefined
      }
    | undefined
  /** rao */
  readonly price: bigint
  /** Least stake with which weights are taken, rao. */
  readonly stakeThreshold: bigint
}

export interface Address {
  readonly ip: string
  readonly port: number
}

export function checkRegistration({ netuid, neuron, price }: PlaceFacts): Finding {
  const name = 'registration'
  if (neuron !== undefined) return ok(name, `uid ${neuron.uid} on subnet ${netuid}`)
  const found = `the hotkey has no uid on subnet ${netuid}`
  const command = `npm run register -- --netuid ${netuid} --max-price ${ceilTao(price)}`
  return failure(name, found, `${command}, with the same --wallet and --subtensor flags`)
}

export function checkPermit({ neuron, stakeThreshold }: PlaceFacts): Finding[] {
  const name = 'permit'
  if (neuron === undefined) return []
  const { stake, validatorPermit } = neuron
  const stands = `stake ${formatTao(stake)} TAO`
  if (stake < stakeThreshold) {
    const found = `${stands}, and the chain takes no weights below ${formatTao(stakeThreshold)}`
    return [failure(name, found, 'stake more on the hotkey, from its coldkey')]
  }
  if (validatorPermit) return [ok(name, `held, with ${stands}`)]
  const remedy = 'stake more on the hotkey, from its coldkey; permits are given at the end of each epoch'
  return [failure(name, `none: miners answer nobody without one; ${stands}`, remedy)]
}

/** @param wanted what the miner would write; undefined where it listens nowhere */
export function checkAxonOnChain({ neuron }: PlaceFacts, wanted: Address | undefined): Finding[] {
  const name = 'axon on chain'
  if (neuron === undefined) return []
  const now = neuron.axon === undefined ? 'none' : textOf(neuron.axon)
  if (wanted === undefined) return [ok(name, `${now}; this miner dials the validators itself`)]
  if (now === textOf(wanted)) return [ok(name, now)]
  const remedy = 'a running miner writes it by itself; start it, or wait for the serving rate limit'
  return [warning(name, `${now}, and this miner’s is ${textOf(wanted)}`, remedy)]
}

const textOf = ({ ip, port }: Address) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)
const ceilTao = (rao: bigint) => String(Number((rao + 999_999_999n) / 1_000_000_000n) || 1)
