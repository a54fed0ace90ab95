import { blake2b } from '@noble/hashes/blake2.js'
import type { BlockHeader } from '../../../../shared/chain/chain-client.ts'
import { encodeHeader, ZERO_HASH } from '../../../../shared/chain/devnet/runtime/header.ts'
import { toHex } from '../../../../shared/chain/devnet/runtime/scale.ts'
import type { RoundParts } from '../../../../validator/round/run-round.ts'

/** A chain that takes every anchor at once: what the real one costs is not the validator's time. */
export interface MemoryChain {
  readonly chain: RoundParts['chain']
  newestBlock(): BlockHeader
  /** Goes on to a block. */
  makeUpTo(number: number): BlockHeader
}

export function memoryChain(): MemoryChain {
  const blocks: { readonly hash: string; readonly header: Uint8Array }[] = []
  const listeners = new Set<(header: BlockHeader) => void>()
  const newestBlock = () => ({ number: blocks.length - 1, hash: blocks.at(-1)!.hash })
  const make = () => {
    const parentHash = (blocks.at(-1)?.hash as `0x${string}` | undefined) ?? ZERO_HASH
    const roots = { stateRoot: ZERO_HASH, extrinsicsRoot: ZERO_HASH, logs: [] }
    const header = encodeHeader({ parentHash, number: blocks.length, ...roots })
    blocks.push({ header, hash: toHex(blake2b(header, { dkLen: 32 })) })
    for (const listener of [...listeners]) listener(newestBlock())
  }
  make()
  return {
    newestBlock,
    makeUpTo(number) {
      while (newestBlock().number < number) make()
      return newestBlock()
    },
    chain: {
      onBlock(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      blockHash: async (number) => blocks[number]!.hash,
      headerBytes: async (hash) => blocks.find((block) => block.hash === hash)!.header,
      async anchor() {
        make()
        const { number, hash } = newestBlock()
        make()
        const { header } = blocks[number]!
        // As long as the real ones; nobody here looks into them.
        const [extrinsic, node] = [new Uint8Array(200), new Uint8Array(100)]
        return { block: number, blockHash: hash, header, index: 1, extrinsic, proof: [node] }
      },
    },
  }
}
