import { installPeer } from '../../engine/peers/install.ts'
import { openAxon } from './axon.ts'
import { type Contender, openOwn } from './contender.ts'
import { challengeOf } from './payload.ts'

/** Bytes of every frame of ours, and of what the others carry. */
export const FRAME_BYTES = 4_096
/** Exchanges under way at once, as many as a session allows. */
export const IN_FLIGHT = 64

const UNDICI = { name: 'undici', version: '7.30.2' }

/** Whoever can be raced, by name; `http4` and `http16` have so many requests under way on each connection. */
export const CONTENDERS = ['tcp', 'ws', 'starling', 'http', 'http4', 'http16', 'axon'] as const

export type ContenderName = (typeof CONTENDERS)[number]

/** @throws StarlingError PEER_UNAVAILABLE where it has to be installed first, and can't be */
export async function openNamed(name: ContenderName, seed: number): Promise<Contender> {
  const task = {
    seed,
    frameBytes: FRAME_BYTES,
    inFlight: IN_FLIGHT,
    textBytes: challengeOf(FRAME_BYTES).prompt.length,
  }
  if (name === 'axon') return openAxon(task)
  if (!name.startsWith('http')) return openOwn(name, task)
  const install = await installPeer(UNDICI)
  return openOwn('http', { ...task, install, pipelining: Number(name.slice('http'.length) || 1) })
}
