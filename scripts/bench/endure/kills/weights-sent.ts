import type { ChainClient } from '../../../../shared/chain/chain-client.ts'
import { openSocket } from '../../../../shared/chain/substrate/rpc-socket.ts'

/** Blocks asked for at once. */
const AT_ONCE = 16

/**
 * Blocks with a `set_weights` of a hotkey, once for each transaction, from the blocks’ own bytes.
 * @param pallet of the call, and its index: two bytes, hex
 */
export async function weightsSent(
  url: string,
  hotkeys: readonly { readonly address: string; readonly publicKey: Uint8Array }[],
  call: string,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const stop = new AbortController()
  const socket = await openSocket(url, { timeoutMs: 30_000, pingMs: 60_000, signal: stop.signal })
  const sent = new Map(hotkeys.map(({ address }) => [address, [] as number[]]))
  const byKey = new Map(
    hotkeys.map(({ address, publicKey }) => [Buffer.from(publicKey).toString('hex'), address]),
  )
  try {
    const { number } = (await socket.request('chain_getHeader', [])) as { number: string }
    const head = Number(number)
    for (let from = 1; from <= head; from += AT_ONCE) {
      const numbers = Array.from({ length: Math.min(AT_ONCE, head - from + 1) }, (_, i) => from + i)
      const blocks = await Promise.all(numbers.map((at) => extrinsicsOf(at)))
      for (const [i, extrinsics] of blocks.entries()) {
        for (const extrinsic of extrinsics) {
          const { signer, body } = signedCall(extrinsic) ?? {}
          const hotkey = byKey.get(signer ?? '')
          if (hotkey !== undefined && body?.startsWith(call)) sent.get(hotkey)!.push(numbers[i]!)
        }
      }
    }
  } finally {
    stop.abort()
  }
  return sent

  async function extrinsicsOf(at: number): Promise<string[]> {
    const hash = await socket.request('chain_getBlockHash', [at])
    const { block } = (await socket.request('chain_getBlock', [hash])) as { block: { extrinsics: string[] } }
    return block.extrinsics
  }
}

/** Pallet and index of a call, hex, as they stand in a transaction. */
export async function callOf(chain: ChainClient, netuid: number): Promise<string> {
  const args = { netuid, uids: [0], weights: [1], versionKey: 0n }
  const { call } = await chain.unsignedCall('setWeights', args)
  return call.slice(2, 6)
}

/** Signer and call of a signed transaction of version 4, hex; undefined for any other. */
export function signedCall(extrinsic: string): { signer: string; body: string } | undefined {
  const bytes = Buffer.from(extrinsic.slice(2), 'hex')
  let at = compact(bytes, 0).next
  if (bytes[at] !== 0x84 || bytes[at + 1] !== 0) return undefined
  const signer = bytes.subarray(at + 2, at + 34).toString('hex')
  // Version, address, kind of signature, signature.
  at += 1 + 33 + 1 + 64
  // An immortal transaction has one byte of era.
  at += bytes[at] === 0 ? 1 : 2
  at = compact(bytes, compact(bytes, at).next).next
  // Whether the metadata’s hash is signed, too.
  return { signer, body: bytes.subarray(at + 1).toString('hex') }
}

/** A SCALE compact integer, as long as those in a transaction’s head are. */
function compact(bytes: Buffer, at: number): { next: number } {
  return { next: at + ([1, 2, 4][bytes[at]! & 3] ?? 5) }
}
