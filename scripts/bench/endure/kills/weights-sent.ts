import type { ChainClient } from '../../../../shared/chain/chain-client.ts'
import { openSocket } from '../../../../shared/chain/substrate/rpc-socket.ts'

/** Transactions with weights, as blocks bring them: a node forgets the bodies of old blocks. */
export interface WeightsWatch {
  /** Blocks with a `set_weights` of each hotkey, once for each transaction, up to the newest block. */
  finish(): Promise<ReadonlyMap<string, readonly number[]>>
}

/** @param call pallet and index: two bytes, hex */
export async function watchWeights(
  url: string,
  chain: Pick<ChainClient, 'onBlock' | 'head'>,
  hotkeys: readonly { readonly address: string; readonly publicKey: Uint8Array }[],
  call: string,
): Promise<WeightsWatch> {
  const stop = new AbortController()
  const socket = await openSocket(url, { timeoutMs: 30_000, pingMs: 60_000, signal: stop.signal })
  const sent = new Map(hotkeys.map(({ address }) => [address, [] as number[]]))
  const byKey = new Map(
    hotkeys.map(({ address, publicKey }) => [Buffer.from(publicKey).toString('hex'), address]),
  )
  let read = (await chain.head()).number
  const readUpTo = async (head: number) => {
    while (read < head) {
      const number = read + 1
      const hash = await socket.request('chain_getBlockHash', [number])
      const { block } = (await socket.request('chain_getBlock', [hash])) as {
        block: { extrinsics: string[] }
      }
      for (const extrinsic of block.extrinsics) {
        const { signer, body } = signedCall(extrinsic) ?? {}
        const hotkey = byKey.get(signer ?? '')
        if (hotkey !== undefined && body?.startsWith(call)) sent.get(hotkey)!.push(number)
      }
      read = number
    }
  }
  let reading = Promise.resolve()
  const look = ({ number }: { number: number }) => {
    reading = reading.then(() => readUpTo(number))
    // Whoever finishes hears of it.
    reading.catch(() => {})
  }
  const unsubscribe = chain.onBlock(look)
  return {
    async finish() {
      unsubscribe()
      look(await chain.head())
      await reading
      stop.abort()
      return sent
    },
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
  return { signer, body: bytes.subarray(at).toString('hex') }
}

/** A SCALE compact integer, as long as those in a transaction’s head are. */
function compact(bytes: Buffer, at: number): { next: number } {
  return { next: at + ([1, 2, 4][bytes[at]! & 3] ?? 5) }
}
