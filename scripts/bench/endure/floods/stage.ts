import { setMaxListeners } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { signerFromUri } from '../../../../shared/chain/wallet/dev-keys.ts'
import type { Signer } from '../../../../shared/chain/wallet/signer.ts'
import { AXON_PATH } from '../../../../shared/protocol/axon.ts'
import { dialHostile, type HostilePeer, openSocket } from '../hostile/dialler.ts'
import type { TargetReady } from '../hostile/target-messages.ts'

/** What an attack did, by what is counted. */
export type Deeds = Readonly<Record<string, number>>

export interface Stage {
  readonly target: TargetReady
  /** Aborted when time is up: the attack returns then, and its sockets are closed by the stage. */
  readonly over: AbortSignal
  /** A socket to the axon, from an address of its own, or from one that all share. */
  socket(from: 'anywhere' | 'one place'): Promise<Socket>
  /** An authorised peer, from an address of its own. */
  peer(index: number, options?: { readonly isDeaf?: boolean }): Promise<HostilePeer>
  /** The same over another port, such as a proxy's. */
  peerAt(port: number, index: number): Promise<HostilePeer>
  readonly authorised: readonly Signer[]
  readonly strangers: readonly Signer[]
  pause(ms: number): Promise<void>
  /** Closes every socket that was opened. */
  clear(): void
}

export type Attack = (stage: Stage) => Promise<Deeds>

/** Hotkeys with a permit that attack, two connections each. */
const AUTHORISED = 16
const STRANGERS = 64

export const AUTHORISED_KEYS = keys('authorised', AUTHORISED)
const STRANGER_KEYS = keys('stranger', STRANGERS)

export function createStage(target: TargetReady, over: AbortSignal): Stage {
  // Every socket that attacks listens to it.
  setMaxListeners(0, over)
  const sockets = new Set<Socket>()
  let addresses = 0
  const address = (): string => {
    // 127.1.0.0 and up: the honest validator dials from 127.0.0.1.
    const number = addresses++
    return `127.${1 + ((number >> 16) % 250)}.${(number >> 8) & 255}.${number & 255}`
  }
  const keep = <Kept extends Socket>(socket: Kept): Kept => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    return socket
  }
  const dial = async (port: number, index: number, options: { readonly isDeaf?: boolean }) => {
    const signer = AUTHORISED_KEYS[index % AUTHORISED_KEYS.length]!
    const where = { ip: '127.0.0.1', port, path: AXON_PATH, receiver: target.hotkey }
    const peer = await dialHostile({ ...where, signer, from: address(), ...options })
    keep(peer.socket)
    return peer
  }
  return {
    ...{ target, over, authorised: AUTHORISED_KEYS, strangers: STRANGER_KEYS },
    async socket(from) {
      const place = from === 'anywhere' ? address() : '127.255.1.1'
      return keep(await openSocket({ ip: '127.0.0.1', port: target.axon, from: place }))
    },
    peer: (index, options = {}) => dial(target.axon, index, options),
    peerAt: (port, index) => dial(port, index, {}),
    pause: (ms) => sleep(ms, undefined, { signal: over }).catch(() => {}),
    clear() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

function keys(role: string, count: number): Signer[] {
  return Array.from({ length: count }, (_, at) => signerFromUri(`//endure//${role}//${at}`))
}
