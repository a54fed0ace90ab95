import type { Metagraph, Neuron } from '../shared/chain/chain-client.ts'
import { publicKeyOf, type Signer } from '../shared/chain/wallet/signer.ts'
import type { ModelInfo } from '../shared/inference/engine.ts'
import { describeError, type StarlingError } from '../shared/process/errors.ts'
import type { Log } from '../shared/process/logging.ts'
import { toHex } from '../shared/proof/hash.ts'
import { connectAxon } from '../shared/protocol/axon-client.ts'
import type { Session } from '../shared/protocol/session.ts'
import { offlineSession } from './round/offline-session.ts'
import type { Participant } from './round/types.ts'

/** The validator's connections: one to every registered miner that can be reached. */
export interface Peers {
  /** Dials the miners of the metagraph that are not connected, and drops those that left or moved. Never throws. */
  refresh(metagraph: Metagraph): Promise<void>
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
  /** Models of the subnet's registry, one for each class that this validator verifies. */
  readonly registry: readonly ModelInfo[]
  /** Why an offer that the registry's models don't cover is not scored, for the log. */
  readonly whyUnscored: (offer: Session['models'][number]) => StarlingError
  /** Hash of the model that a hotkey ran before this validator started, where it is known. */
  readonly modelBefore: (hotkey: string) => string | undefined
  readonly signal: AbortSignal
  readonly log: Log
}

interface Peer {
  readonly address: string
  readonly session: Session
}

export function createPeers(options: PeerOptions): Peers {
  const { signer, registry, signal, log } = options
  const peers = new Map<string, Peer>()
  const declared = new Map<string, ModelInfo>()
  const knownModel = (hash: string | undefined) => registry.find((model) => model.hash === hash)

  const dial = async (neuron: Neuron) => {
    const { ip, port } = neuron.axon!
    const session = await connectAxon({ ip, port, signer, hotkey: neuron.hotkey, signal, log })
    const peer = { address: addressOf(neuron)!, session }
    peers.set(neuron.hotkey, peer)
    const model = declaredModel(session, registry)
    if (model === undefined) {
      declared.delete(neuron.hotkey)
      const reasons = session.models.map((offer) => describeError(options.whyUnscored(offer)))
      log.warn({ hotkey: neuron.hotkey, reasons }, 'miner is not scored')
    } else declared.set(neuron.hotkey, model)
    log.info({ hotkey: neuron.hotkey, axon: peer.address }, 'miner connected')
    void session.closed.then(({ code, reason }) => {
      // A newer connection of this hotkey may stand here by now.
      if (peers.get(neuron.hotkey) === peer) peers.delete(neuron.hotkey)
      log.info({ hotkey: neuron.hotkey, code, reason }, 'miner disconnected')
    })
  }

  return {
    sessions: () => [...peers.values()].map(({ session }) => session),
    async refresh({ neurons }) {
      const wanted = new Map(
        neurons.filter(({ hotkey }) => hotkey !== signer.address).map((n) => [n.hotkey, n]),
      )
      for (const [hotkey, { address, session }] of peers) {
        const neuron = wanted.get(hotkey)
        if (neuron === undefined || addressOf(neuron) !== address) session.close()
      }
      const missing = [...wanted.values()].filter((n) => n.axon !== undefined && !peers.has(n.hotkey))
      await Promise.all(
        missing.map((neuron) =>
          dial(neuron).catch((error: unknown) => {
            log.debug(
              { hotkey: neuron.hotkey, axon: addressOf(neuron), error: describeError(error) },
              'miner not reached',
            )
          }),
        ),
      )
    },
    participants({ neurons }) {
      return neurons.flatMap(({ uid, hotkey, coldkey, axon }) => {
        const model = declared.get(hotkey) ?? knownModel(options.modelBefore(hotkey))
        if (hotkey === signer.address || axon === undefined || model === undefined) return []
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

function addressOf({ axon }: Neuron): string | undefined {
  return axon && `${axon.ip}:${axon.port}`
}
