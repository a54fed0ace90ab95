import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { initSync, tld, tle } from '@ideallabs/timelock_wasm_wrapper'
import { QUICKNET } from '../../../shared/chain/commit-reveal/drand.ts'

/** Quicknet's published signature of round 1000. */
export const ROUND_1000 = Buffer.from(
  'b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39',
  'hex',
)

const wasm = createRequire(import.meta.url).resolve(
  '@ideallabs/timelock_wasm_wrapper/timelock_wasm_wrapper_bg.wasm',
)
initSync({ module: readFileSync(wasm) })

const CURVE = 'bls12_381'

/** Encrypts with the arkworks implementation that the chain links, in wasm. */
export function oracleEncrypt(plain: Uint8Array, round: number, key: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(round))
  const identity = createHash('sha256').update(bytes).digest()
  return Uint8Array.from(tle(Uint8Array.from(identity), plain, key, QUICKNET.publicKey, CURVE))
}

/** Decrypts with the arkworks implementation; throws when it does not open. */
export function oracleDecrypt(commit: Uint8Array, signature: Uint8Array): Uint8Array {
  return Uint8Array.from(tld(commit, Uint8Array.from(signature), CURVE))
}

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
