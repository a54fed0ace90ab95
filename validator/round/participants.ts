import { portableLn } from '../../shared/inference/portable-math.ts'
import { taggedHash } from '../../shared/proof/hash.ts'
import type { RoundConfig } from '../config.ts'
import type { Participant } from './types.ts'

/**
 * What the validator's verifiable random function is asked to draw who takes part in a round.
 * @param blockHash of the block that opened it, 32 bytes
 * @returns the bytes to prove
 */
export function drawMessage(blockHash: Uint8Array): Uint8Array {
  return taggedHash('starling/draw/v1', blockHash)
}

/**
 * Who of all that can be asked takes part: everybody, or where they are more than a round asks that many by lot, each the likelier
 * the better it scores, down to a floor that newcomers have, too (weighted sampling without replacement, Efraimidis and Spirakis
 * 2006). Exploration is here and in no weight: a score says how often a miner is heard, and not how it counts.
 * @param scoreOf of a hotkey, from the book before the round; 0 for one that has none
 * @param lot output of the function over `drawMessage`, 32 bytes
 * @returns those drawn, in the order of the candidates
 */
export function drawParticipants<M extends Pick<Participant, 'hotkey' | 'publicKey'>>(
  candidates: readonly M[],
  scoreOf: (hotkey: string) => number,
  lot: Uint8Array,
  { maxParticipants, samplingFloor }: Pick<RoundConfig, 'maxParticipants' | 'samplingFloor'>,
): M[] {
  if (candidates.length <= maxParticipants) return [...candidates]
  const best = Math.max(...candidates.map(({ hotkey }) => scoreOf(hotkey)))
  const arrivals = candidates.map((miner) => {
    const share = best > 0 ? scoreOf(miner.hotkey) / best : 0
    return { miner, time: arrivalOf(lot, miner.publicKey) / Math.max(samplingFloor, share) }
  })
  // Two that arrive at once have one public key, and roles refuse those.
  const drawn = arrivals.sort((a, b) => a.time - b.time).slice(0, maxParticipants)
  const isDrawn = new Set(drawn.map(({ miner }) => miner))
  return candidates.filter((miner) => isDrawn.has(miner))
}

/** An exponential variable with mean 1, equal everywhere: divided by a weight it is −ln of Efraimidis and Spirakis' key. */
function arrivalOf(lot: Uint8Array, publicKey: Uint8Array): number {
  const bits = Buffer.from(taggedHash('starling/arrival/v1', lot, publicKey)).readBigUInt64LE() >> 11n
  return -portableLn((Number(bits) + 0.5) / 2 ** 53)
}
