import { commitmentCall } from '../../shared/chain/anchor-proof/commitment-call.ts'
import { listRoot } from '../../shared/chain/anchor-proof/ordered-trie.ts'
import type { ChainClient, Commitment } from '../../shared/chain/chain-client.ts'
import { hashHeader } from '../../shared/chain/devnet/runtime/header.ts'
import { concatBytes, type Hex, lengthPrefixed, toHex } from '../../shared/chain/devnet/runtime/scale.ts'
import { anchorReceipt } from '../../shared/chain/substrate/block.ts'
import type { Signer } from '../../shared/chain/wallet/signer.ts'
import { StarlingError } from '../../shared/process/errors.ts'

/** Version 4, signed, by an account. */
const SIGNED = [0x84, 0]
const SR25519 = 1
/** Mortal era, nonce 0, no tip. */
const EXTENSIONS = [0x15, 0, 0, 0]
/** What stands where a block has its timestamp. */
const INHERENT = Uint8Array.of(20, 4, 2, 0, 11, 0)
const ZEROS: Hex = `0x${'00'.repeat(32)}`

export type FakeAnchors = Pick<ChainClient, 'anchor' | 'commitmentOf' | 'headerBytes'> & {
  /** Hash of a block that has an anchor. */
  anchoredHash(number: number): string | undefined
}

/**
 * Commitments of a chain in the test's hands. Their receipts pass `verifyAnchorProof`: each is in a block of its own, over
 * transactions of which only the last is real. `nextBlock` makes the block that one gets into, and tells its number.
 */
export function createFakeAnchors(nextBlock: () => number): FakeAnchors {
  const commitments = new Map<string, Commitment>()
  const headers = new Map<string, { number: number; bytes: Uint8Array }>()
  const keyOf = (netuid: number, hotkey: string) => `${netuid} ${hotkey}`

  return {
    async anchor(signer, netuid, data, signal) {
      signal?.throwIfAborted()
      const extrinsics = [INHERENT, signedCommitment(signer, commitmentCall(netuid, data))]
      const number = nextBlock()
      const extrinsicsRoot = toHex(listRoot(extrinsics, 0))
      const header = { parentHash: ZEROS, number, stateRoot: ZEROS, extrinsicsRoot, logs: [] }
      const hash = hashHeader(header)
      const receipt = anchorReceipt(hash, { header, extrinsics: extrinsics.map(toHex) }, 1)
      headers.set(hash, { number, bytes: receipt.header })
      commitments.set(keyOf(netuid, signer.address), { block: number, data: data.slice() })
      return receipt
    },
    commitmentOf: async (netuid, hotkey) => commitments.get(keyOf(netuid, hotkey)),
    async headerBytes(blockHash) {
      const found = headers.get(blockHash)
      if (found !== undefined) return found.bytes
      throw new StarlingError('CHAIN_BLOCK_UNKNOWN', `the chain has no block ${blockHash}`)
    },
    anchoredHash: (number) => [...headers].find(([, header]) => header.number === number)?.[0],
  }
}

function signedCommitment(signer: Signer, call: Uint8Array): Uint8Array {
  const head = concatBytes(
    Uint8Array.from(SIGNED),
    signer.publicKey,
    Uint8Array.of(SR25519),
    signer.sign(call),
  )
  return lengthPrefixed(concatBytes(head, Uint8Array.from(EXTENSIONS), call))
}
