import type { AnchorReceipt } from '../chain-client.ts'
import { decodeHeader } from '../devnet/runtime/header.ts'
import { fromHex, scaleReader, toHex } from '../devnet/runtime/scale.ts'
import { commitmentCall } from './commitment-call.ts'
import { checkItem } from './ordered-trie.ts'
import { trieHash } from './trie-node.ts'

/** A receipt; where it names its block, the header must be that block's. */
export type AnchorEvidence = Pick<AnchorReceipt, 'header' | 'index' | 'extrinsic' | 'proof'> &
  Partial<Pick<AnchorReceipt, 'block' | 'blockHash'>>

/** What a receipt must show. */
export interface AnchorClaim {
  /** Public key of the hotkey that must have signed, 32 bytes. */
  readonly validator: Uint8Array
  readonly netuid: number
  /** What must have been committed, at most 128 bytes. */
  readonly data: Uint8Array
}

/** Version 4, signed. */
const SIGNED = 0x84
/** `MultiAddress::Id`: the account's 32 bytes follow. */
const ACCOUNT_ID = 0
/** `MultiSignature::Sr25519`: 64 bytes follow. */
const SR25519 = 1

/**
 * What is wrong with a receipt that claims that the validator committed these bytes in the block with this header; undefined
 * when nothing is. Needs no node. It is for the reader to compare the header's hash with the chain's.
 */
export function verifyAnchorProof(
  { header, index, extrinsic, proof, ...named }: AnchorEvidence,
  { validator, netuid, data }: AnchorClaim,
): string | undefined {
  const decoded = reading(() => decodeHeader(header))
  if (decoded === undefined) return 'the header cannot be read'
  const { block = decoded.number, blockHash = toHex(trieHash(header)) } = named
  if (block !== decoded.number) return `the header is that of block ${decoded.number}, not ${block}`
  if (blockHash !== toHex(trieHash(header))) return `the header is not that of block ${blockHash}`
  const root = fromHex(decoded.extrinsicsRoot)
  const wrong = checkItem({ root, proof }, index, extrinsic)
  if (wrong !== undefined) return `the transaction is not proven to be in the block: ${wrong}`
  const signed = reading(() => readSigned(extrinsic))
  if (signed === undefined) return 'the transaction is not one that an sr25519 key signed'
  if (toHex(signed.signer) !== toHex(validator)) return `the transaction is signed by ${toHex(signed.signer)}`
  const call = reading(() => commitmentCall(netuid, data))
  if (call === undefined) return `${data.length} bytes are too many to have been committed`
  const last = signed.rest.subarray(-call.length)
  // Era, nonce and tip stand before the call; how long they are is the runtime's affair.
  if (signed.rest.length <= call.length || toHex(last) !== toHex(call)) {
    return `the transaction does not commit these ${data.length} bytes on subnet ${netuid}`
  }
  return undefined
}

/** Who signed a transaction, and what of it follows the signature. Throws a RangeError for another kind of transaction. */
function readSigned(extrinsic: Uint8Array): { signer: Uint8Array; rest: Uint8Array } {
  const outer = scaleReader(extrinsic)
  const reader = scaleReader(outer.bytes())
  if (outer.rest().length > 0) throw new RangeError('bytes after the transaction')
  if (reader.byte() !== SIGNED || reader.byte() !== ACCOUNT_ID)
    throw new RangeError('not signed by an account')
  const signer = reader.take(32)
  if (reader.byte() !== SR25519) throw new RangeError('another signature scheme')
  reader.take(64)
  return { signer, rest: reader.rest() }
}

/** Undefined where the bytes are not what they must be. */
function reading<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
