import type { AxonAddress, ChainClient, Metagraph, Neuron } from '../shared/chain/chain-client.ts'
import { publishAxon } from '../shared/chain/publish-axon.ts'
import type { Signer } from '../shared/chain/wallet/signer.ts'
import type { Clock } from '../shared/process/clock.ts'
import type { Log } from '../shared/process/logging.ts'
import { pause } from '../shared/process/pause.ts'
import type { AxonOptions, OnFrame, TlsOptions } from '../shared/protocol/axon.ts'
import { startAxon } from '../shared/protocol/axon-server.ts'
import { dialGate } from '../shared/protocol/gate-client.ts'
import { openListenerNonces } from '../shared/protocol/listener-nonces.ts'
import { startOutbound } from './outbound.ts'

/** A miner that validators dial. */
export interface AxonSettings {
  readonly ip: string
  readonly port: number
  /** What validators should dial, where it differs from what the miner binds. */
  readonly externalIp?: string
  readonly externalPort?: number
  /** True where a proxy in front speaks TLS. */
  readonly externalTls?: boolean
  readonly tls?: TlsOptions
  /** File of accepted upgrades, so that none is accepted again after a restart; in memory alone unless given. */
  readonly noncesPath?: string
}

/** A miner that dials the validators and listens nowhere. */
export interface OutboundSettings {
  readonly outbound: true
  /** True to dial private and reserved addresses as well. */
  readonly dialPrivate: boolean
  /** 0 to 1. */
  readonly random: () => number
}

export interface ServingParts extends Pick<AxonOptions, 'models' | 'authorize' | 'handle'> {
  readonly chain: ChainClient
  readonly signer: Signer
  readonly netuid: number
  readonly clock: Clock
  /** Called when the address can't be written in the end. */
  readonly onFailure: (error: unknown) => void
  readonly onFrame?: OnFrame | undefined
  readonly log: Log
}

/** How validators and this miner meet. */
export interface Serving {
  /** What stands on chain; undefined for a miner that listens nowhere. */
  readonly address: AxonAddress | undefined
  /** Validators that are connected now. */
  connections(): number
  /** The miner has its place on this metagraph, for the first time or anew: makes it known there. */
  registered(own: Neuron, metagraph: Metagraph): Promise<void>
  /** Follows the validators. */
  look(metagraph: Metagraph): void
  close(): Promise<void>
}

/** @throws StarlingError AXON_PORT_TAKEN, AXON_ADDRESS, AXON_CERTIFICATE */
export async function startServing(
  settings: AxonSettings | OutboundSettings,
  parts: ServingParts,
): Promise<Serving> {
  return 'outbound' in settings ? serveOutbound(settings, parts) : serveAxon(settings, parts)
}

function serveOutbound({ dialPrivate, random }: OutboundSettings, parts: ServingParts): Serving {
  const { signer, models, authorize, handle, clock, log } = parts
  const outbound = startOutbound({
    ...{ signer, models, authorize, handle, dialPrivate, random, pause, log },
    dial: (options) => dialGate({ ...options, onFrame: parts.onFrame }),
    monotonic: clock.monotonic,
  })
  return {
    address: undefined,
    connections: outbound.connections,
    async registered({ axon }, metagraph) {
      if (axon !== undefined)
        log.warn({ axon }, 'an older address stands on chain: validators without a gate dial it in vain')
      outbound.look(metagraph)
    },
    look: outbound.look,
    close: outbound.close,
  }
}

async function serveAxon(settings: AxonSettings, parts: ServingParts): Promise<Serving> {
  const { chain, signer, netuid, models, authorize, handle, clock, onFailure, log } = parts
  const { ip, port, tls, noncesPath } = settings
  const nonces = noncesPath === undefined ? undefined : openListenerNonces(noncesPath)
  const axon = await startAxon({
    ...{ ip, port, signer, models, authorize, handle, clock, log },
    onFrame: parts.onFrame,
    ...(tls === undefined ? {} : { tls }),
    ...(nonces === undefined ? {} : { nonces }),
  })
  const isTls = tls !== undefined || settings.externalTls === true
  const address: AxonAddress = {
    ip: settings.externalIp ?? axon.ip,
    port: settings.externalPort ?? axon.port,
    ...(isTls ? { tls: true } : {}),
  }
  let publication = new AbortController()
  return {
    address,
    connections: () => axon.connections(),
    async registered(own) {
      publication.abort()
      publication = new AbortController()
      const { signal } = publication
      const begun = await publishAxon({ chain, signer, netuid, address, signal, log }, own)
      if (begun?.waits === true) begun.written.catch(onFailure)
      else await begun?.written
    },
    look() {},
    async close() {
      publication.abort()
      await axon.close()
      nonces?.close()
    },
  }
}
