import type { ChainClient, Neuron } from '../shared/chain/chain-client.ts'
import { publishAxon } from '../shared/chain/publish-axon.ts'
import type { Signer } from '../shared/chain/wallet/signer.ts'
import type { Clock } from '../shared/process/clock.ts'
import { describeError } from '../shared/process/errors.ts'
import type { Log } from '../shared/process/logging.ts'
import type { OnFrame, TlsOptions } from '../shared/protocol/axon.ts'
import { type Gate, startGate } from '../shared/protocol/gate.ts'
import { openListenerNonces } from '../shared/protocol/listener-nonces.ts'
import type { Peers } from './peers.ts'

/** Where miners that listen nowhere dial in. */
export interface GateSettings {
  readonly ip: string
  /** 0 picks a free one. */
  readonly port: number
  /** What miners should dial, where it differs from what the validator binds. */
  readonly externalIp?: string
  readonly externalPort?: number
  /** True where a proxy in front speaks TLS. */
  readonly externalTls?: boolean
  readonly tls?: TlsOptions
  /** File of accepted upgrades, so that none is accepted again after a restart; in memory alone unless given. */
  readonly noncesPath?: string
}

export interface GateParts {
  readonly chain: ChainClient
  readonly signer: Signer
  readonly netuid: number
  readonly own: Neuron
  readonly peers: Pick<Peers, 'authorize' | 'admit'>
  /** Aborted when the validator stops. */
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly onFrame?: OnFrame | undefined
  readonly log: Log
}

/**
 * Opens the gate and writes its address on chain, at once or as soon as the chain takes it.
 * @throws StarlingError AXON_PORT_TAKEN, AXON_ADDRESS, AXON_CERTIFICATE, CHAIN_…
 */
export async function openGate(settings: GateSettings, parts: GateParts): Promise<Gate> {
  const { chain, signer, netuid, own, peers, signal, clock, log } = parts
  const { tls, noncesPath } = settings
  const nonces = noncesPath === undefined ? undefined : openListenerNonces(noncesPath)
  const gate = await startGate({
    ...{ ip: settings.ip, port: settings.port, signer, clock, log },
    onFrame: parts.onFrame,
    ...(tls === undefined ? {} : { tls }),
    ...(nonces === undefined ? {} : { nonces }),
    authorize: peers.authorize,
    onSession: peers.admit,
  })
  const isTls = tls !== undefined || settings.externalTls === true
  const address = {
    ip: settings.externalIp ?? gate.ip,
    port: settings.externalPort ?? gate.port,
    gate: true as const,
    ...(isTls ? { tls: true as const } : {}),
  }
  const close = async () => {
    await gate.close()
    nonces?.close()
  }
  try {
    const begun = await publishAxon({ chain, signer, netuid, address, signal, log }, own)
    if (begun?.waits === true) {
      // Rounds go on without it: miners that can be dialled are.
      begun.written.catch((error: unknown) =>
        log.error({ error: describeError(error) }, 'gate address not written'),
      )
    } else await begun?.written
  } catch (error) {
    await close()
    throw error
  }
  log.info({ ...address }, 'gate open')
  return { ...gate, close }
}
