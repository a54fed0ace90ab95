import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { initSync, tld, tle } from '@ideallabs/timelock_wasm_wrapper'
import { QUICKNET } from '../../../shared/chain/commit-reveal/drand.ts'

const CURVE = 'bls12_381'

/** The Rust implementation that chain and SDK link (arkworks), as wasm: what people would use instead. */
export interface Peer {
  /** @param key 32 random bytes */
  encrypt(plain: Uint8Array, round: number, key: Uint8Array): Uint8Array
  /** Throws when it does not open. */
  decrypt(commit: Uint8Array, signature: Uint8Array): Uint8Array
}

export function loadPeer(): Peer {
  const file = '@ideallabs/timelock_wasm_wrapper/timelock_wasm_wrapper_bg.wasm'
  initSync({ module: readFileSync(createRequire(import.meta.url).resolve(file)) })
  return {
    encrypt(plain, round, key) {
      const name = Buffer.alloc(8)
      name.writeBigUInt64BE(BigInt(round))
      const identity = Uint8Array.from(createHash('sha256').update(name).digest())
      return Uint8Array.from(tle(identity, plain, key, QUICKNET.publicKey, CURVE))
    },
    decrypt: (commit, signature) => Uint8Array.from(tld(commit, Uint8Array.from(signature), CURVE)),
  }
}
