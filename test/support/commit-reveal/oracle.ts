import { createHash } from 'node:crypto'
import { loadPeer } from '../../../scripts/bench/timelock/peer.ts'

/** Quicknet's published signature of round 1000. */
export const ROUND_1000 = Buffer.from(
  'b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39',
  'hex',
)

/** The arkworks implementation that the chain links, in wasm. */
export const { encrypt: oracleEncrypt, decrypt: oracleDecrypt } = loadPeer()

/** A reproducible stand-in for a random source: a sha256 counter stream per draw. */
export function fixedRandom(seed: string): (bytes: number) => Uint8Array {
  let draw = 0
  return (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
      createHash('sha256').update(`${seed}/${draw}/${i}`).digest(),
    )
    draw++
    return Uint8Array.from(Buffer.concat(blocks).subarray(0, length))
  }
}
