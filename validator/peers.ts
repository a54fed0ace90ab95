import type { AxonAddress, Metagraph, Neuron } from '../shared/chain/chain-client.ts'
import { publicKeyOf, type Signer } from '../shared/chain/wallet/signer.ts'
import { whyNotDialled } from '../shared/dialling/address-guard.ts'
import type { ModelInfo } from '../shared/inference/engine.ts'
import { describeError, StarlingError } from '../shared/process/errors.ts'
import type { Log } from '../shared/process/logging.ts'
import { toHex } from '../shared/proof/hash.ts'
import type { connectAxon } from '../shared/protocol/axon-client.ts'
import type { Session } from '../shared/protocol/session.ts'
import { offlineSession } from './round/offline-session.ts'
import type { Participant } from './round/types.ts'

/** The validator's connections: one to every registered miner that can be reached, or has dialled in. */
export interface Peers {
  /** Dials the miners of the metagraph that are not connected, and drops those that left or moved. Never throws. */
  refresh(metagraph: Metagraph): Promise<void>
  /** Why a hotkey may not dial in, or undefined: it must be registered, as of the last look at the metagraph. */
  authorize(hotkey: string): StarlingError | undefined
  /** Takes the session of a miner that dialled in, in place of any older one. */
  admit(session: Session): void
  /**
   * The miners that declare a model of the registry; one that can't be reached now takes part with the model it declared
   * last, so that its absence shows.
   */
  participants(metagraph: Metagraph): Participant[]
  /** The connections that stand now. */
  sessions(): readonly Session[]
  close(): void
}

export interface PeerOptions {
  readonly signer: Signer
  readonly netuid: number
  /** Hotkeys that may dial in before the first `refresh`. */
  readonly neurons: readonly Pick<Neuron, 'hotkey'>[]
  /** Models of the subnet's registry, one for each class that this validator verifies. */
  readonly registry: readonly ModelInfo[]
  /** Why an offer that the registry's models don't cover is not scored, for the log. */
  readonly whyUnscored: (offer: Session['models'][number]) => StarlingError
  /** Hash of the model that a hotkey ran before this validator started, where it is known. */
  readonly modelBefore: (hotkey: string) => string | undefined
  /** True to dial private and reserved addresses as well. */
  readonly dialPrivate: boolean
  /** True where miners may dial in: then those without an address can be asked, too. */
  readonly hasGate: boolean
  readonly dial: typeof connectAxon
  readonly signal: AbortSignal
  readonly log: Log
}

interface Peer {
  /** Where it was dialled; undefined where it dialled in. */
  readonly address: string | undefined
  readonly session: Session
}

export function createPeers(options: PeerOptions): Peers {
  const { signer, registry, signal, log } = options
  const peers = new Map<string, Peer>()
  const declared = new Map<string, ModelInfo>()
  const refused = new Map<string, string>()
  let registered = new Set(options.neurons.map(({ hotkey }) => hotkey))
  const knownModel = (hash: string | undefined) => registry.find((model) => model.hash === hash)

  const take = (session: Session, address?: string) => {
    const { hotkey } = session
    const peer = { address, session }
    const older = peers.get(hotkey)
    peers.set(hotkey, peer)
    older?.session.close()
    const model = declaredModel(session, registry)
    if (model === undefined) {
      declared.delete(hotkey)
      const reasons = session.models.map((offer) => describeError(options.whyUnscored(offer)))
      log.warn({ hotkey, reasons }, 'miner is not scored')
    } else declared.set(hotkey, model)
    log.info({ hotkey, axon: address ?? 'dialled in' }, 'miner connected')
    void session.closed.then(({ code, reason }) => {
      // A newer connection of this hotkey may stand here by now.
      if (peers.get(hotkey) === peer) peers.delete(hotkey)
      log.info({ hotkey, code, reason }, 'miner disconnected')
    })
  }

  /** Says once for each address why it is not dialled. */
  const mayDial = ({ hotkey, axon }: Neuron): boolean => {
    if (axon === undefined || axon.gate) return false
    const error = whyNotDialled(axon, options.dialPrivate)
    const address = addressOf(axon)
    if (error !== undefined && refused.get(hotkey) !== address)
      log.warn({ hotkey, error: describeError(error) }, 'miner not dialled')
    if (error === undefined) refused.delete(hotkey)
    else refused.set(hotkey, address)
    return error === undefined
  }

  const dial = async ({ hotkey, axon }: Neuron) => {
    const { ip, port, tls } = axon!
    const session = await options.dial({
      ...{ ip, port, signer, hotkey, signal, log },
      ...(tls ? { tls } : {}),
    })
    // It may have dialled in meanwhile: that connection is the newer one.
    if (peers.has(hotkey)) session.close()
    else take(session, addressOf(axon!))
  }

  return {
    sessions: () => [...peers.values()].map(({ session }) => session),
    authorize(hotkey) {
      if (registered.has(hotkey) && hotkey !== signer.address) return undefined
      return new StarlingError('NOT_REGISTERED', `${hotkey} is not registered on subnet ${options.netuid}`)
    },
    admit: (session) => take(session),
    async refresh({ neurons }) {
      const wanted = new Map(
        neurons.filter(({ hotkey }) => hotkey !== signer.address).map((n) => [n.hotkey, n]),
      )
      registered = new Set(wanted.keys())
      for (const [hotkey, { address, session }] of peers) {
        const neuron = wanted.get(hotkey)
        const isMoved = address !== undefined && (neuron?.axon && addressOf(neuron.axon)) !== address
        if (neuron === undefined || isMoved) session.close()
      }
      const missing = [...wanted.values()].filter((n) => !peers.has(n.hotkey) && mayDial(n))
      await Promise.all(
        missing.map((neuron) =>
          dial(neuron).catch((error: unknown) => {
            log.debug(
              { hotkey: neuron.hotkey, axon: neuron.axon, error: describeError(error) },
              'miner not reached',
            )
          }),
        ),
      )
    },
    participants({ neurons }) {
      return neurons.flatMap(({ uid, hotkey, coldkey, axon }) => {
        const model = declared.get(hotkey) ?? knownModel(options.modelBefore(hotkey))
        const isReachable = options.hasGate || (axon !== undefined && !axon.gate)
        if (hotkey === signer.address || !isReachable || model === undefined) return []
        const session = peers.get(hotkey)?.session ?? offlineSession(hotkey)
        return [{ uid, hotkey, coldkey, publicKey: publicKeyOf(hotkey)!, model, session }]
      })
    },
    close() {
      for (const { session } of peers.values()) session.close()
    },
  }
}

/**
 * The first model a miner offers that the registry holds in the same execution class. Anything else is not scored and costs
 * nothing: its numbers could not be judged.
 */
export function declaredModel(
  session: Pick<Session, 'models'>,
  registry: readonly ModelInfo[],
): ModelInfo | undefined {
  for (const offer of session.models) {
    const hash = toHex(offer.hash)
    const model = registry.find((one) => one.hash === hash && one.executionClass === offer.executionClass)
    if (model !== undefined) return model
  }
  return undefined
}

function addressOf({ ip, port, tls }: AxonAddress): string {
  return `${tls ? 'wss' : 'ws'} ${ip} ${port}`
}
