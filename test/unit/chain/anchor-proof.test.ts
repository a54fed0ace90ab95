import { describe, expect, it } from 'vitest'
import { commitmentCall } from '../../../shared/chain/anchor-proof/commitment-call.ts'
import { checkItem, listRoot, proveItem } from '../../../shared/chain/anchor-proof/ordered-trie.ts'
import { decodeNode } from '../../../shared/chain/anchor-proof/trie-node.ts'
import { verifyAnchorProof } from '../../../shared/chain/anchor-proof/verify-anchor.ts'
import { hashHeader } from '../../../shared/chain/devnet/runtime/header.ts'
import {
  concatBytes,
  fromHex,
  type Hex,
  lengthPrefixed,
  toHex,
} from '../../../shared/chain/devnet/runtime/scale.ts'
import { anchorReceipt, headerOf, type JsonBlock } from '../../../shared/chain/substrate/block.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { createFakeAnchors } from '../../support/fake-anchors.ts'

const NETUID = 3
const validator = new Uint8Array(32).fill(5)
const data = new Uint8Array(108).map((_, i) => i)
const claim = { validator, netuid: NETUID, data }
const zeros: Hex = `0x${'00'.repeat(32)}`

/** A signed transaction's bytes, with the parts that a test changes. */
function transaction(change: { kind?: number[]; scheme?: number; extra?: number[]; call?: Uint8Array } = {}) {
  const {
    kind = [0x84, 0],
    scheme = 1,
    extra = [0x15, 0, 4, 0],
    call = commitmentCall(NETUID, data),
  } = change
  const head = concatBytes(
    Uint8Array.from(kind),
    validator,
    Uint8Array.of(scheme),
    new Uint8Array(64).fill(7),
  )
  return lengthPrefixed(concatBytes(head, Uint8Array.from(extra), call))
}

function blockOf(extrinsics: readonly Uint8Array[], version: 0 | 1 = 0): { block: JsonBlock; hash: Hex } {
  const extrinsicsRoot = toHex(listRoot(extrinsics, version))
  const header = { parentHash: zeros, number: 12, stateRoot: zeros, extrinsicsRoot, logs: [] }
  return { block: { header, extrinsics: extrinsics.map(toHex) }, hash: hashHeader(header) }
}

/** Receipt of a transaction among others. */
function receiptOf(extrinsic: Uint8Array, version: 0 | 1 = 0) {
  const others = Array.from({ length: 70 }, (_, i) => new Uint8Array(i * 3).fill(i))
  const { block, hash } = blockOf([...others.slice(0, 40), extrinsic, ...others.slice(40)], version)
  return anchorReceipt(hash, block, 40)
}

describe('the trie over a list', () => {
  it('has the root that every Substrate chain gives no transactions', () => {
    const known = '0x03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314'
    expect(toHex(listRoot([], 0))).toBe(known)
    expect(toHex(listRoot([], 1))).toBe(known)
  })

  it('has no item beside its ends', () => {
    const items = [Uint8Array.of(1), Uint8Array.of(2)]
    expect(() => proveItem(items, 2, 0)).toThrow(RangeError)
    for (const index of [-1, 0.5, Number.NaN, 2 ** 30, 2, 16, 64]) {
      expect(checkItem(proveItem(items, 0, 0), index, items[0]!)).toBeDefined()
    }
  })

  it.each([
    ['nothing', ''],
    ['the empty trie', '00'],
    ['a branch with a value', 'c00000'],
    ['an unknown kind', '11'],
    ['a path of nine nibbles', `49${'00'.repeat(6)}`],
    ['a path with something before it', '411f0400'],
    ['bytes after it', '40040000'],
    ['a value cut short', '400800'],
    ['a hash cut short', `20${'00'.repeat(31)}`],
    ['a child cut short', '80010008'],
    ['a child longer than a hash', `80010084${'00'.repeat(33)}`],
  ])('has no node of %s', (_name, hex) => {
    expect(() => decodeNode(fromHex(`0x${hex}`))).toThrow(RangeError)
  })
})

describe('an anchor’s receipt', () => {
  it.each([0, 1] as const)('proves the commitment, on a chain with tries of version %i', (version) => {
    const receipt = receiptOf(transaction(), version)
    expect(receipt).toMatchObject({ block: 12, index: 40 })
    expect(verifyAnchorProof(receipt, claim)).toBeUndefined()
  })

  it('proves it for no other subnet, hotkey or data', () => {
    const receipt = receiptOf(transaction())
    const other = (change: object) => verifyAnchorProof(receipt, { ...claim, ...change })
    expect(other({ netuid: 4 })).toMatch(/does not commit these 108 bytes on subnet 4/)
    expect(other({ validator: validator.with(31, 6) })).toMatch(/signed by 0x05/)
    expect(other({ data: data.with(0, 1) })).toMatch(/does not commit/)
    expect(other({ data: data.subarray(1) })).toMatch(/does not commit/)
    expect(other({ data: new Uint8Array(129) })).toMatch(/129 bytes are too many/)
  })

  it.each([
    ['unsigned', { kind: [4] }],
    ['signed by an index', { kind: [0x84, 1] }],
    ['general', { kind: [0x45, 0] }],
    ['signed by another scheme', { scheme: 0 }],
  ])('proves nothing for a transaction that is %s', (_name, change) => {
    expect(verifyAnchorProof(receiptOf(transaction(change)), claim)).toMatch(/sr25519/)
  })

  it('proves nothing where the call is not the end, or is all', () => {
    const call = commitmentCall(NETUID, data)
    const longer = transaction({ call: concatBytes(call, Uint8Array.of(0)) })
    expect(verifyAnchorProof(receiptOf(longer), claim)).toMatch(/does not commit/)
    expect(verifyAnchorProof(receiptOf(transaction({ extra: [] })), claim)).toMatch(/does not commit/)
    const trailing = concatBytes(transaction(), Uint8Array.of(0))
    expect(verifyAnchorProof(receiptOf(trailing), claim)).toMatch(/sr25519/)
  })

  it('proves nothing of another block than it names', () => {
    const receipt = receiptOf(transaction())
    const named = (change: object) => verifyAnchorProof({ ...receipt, ...change }, claim)
    expect(named({ block: 13 })).toMatch(/block 12, not 13/)
    expect(named({ blockHash: zeros })).toMatch(/not that of block 0x00/)
    expect(named({ header: receipt.header.subarray(1) })).toMatch(/header/)
    expect(named({ header: receipt.header.subarray(0, 40) })).toBe('the header cannot be read')
    expect(named({ index: 39 })).toMatch(/not proven to be in the block/)
  })

  it('of a chain in a test’s hands is as good', async () => {
    const signer = signerFromUri('//Alice')
    const anchors = createFakeAnchors(() => 77)
    const receipt = await anchors.anchor(signer, NETUID, data)
    expect(verifyAnchorProof(receipt, { ...claim, validator: signer.publicKey })).toBeUndefined()
    expect(receipt.block).toBe(77)
    expect(await anchors.headerBytes(receipt.blockHash)).toEqual(receipt.header)
    expect(await anchors.commitmentOf(NETUID, signer.address)).toEqual({ block: 77, data })
  })

  it('is refused where a node gives another header, or other transactions', () => {
    const { block, hash } = blockOf([Uint8Array.of(1), transaction()])
    const code = (run: () => unknown) => {
      try {
        return run()
      } catch (error) {
        return (error as { code?: string }).code
      }
    }
    const changed = { ...block, header: { ...block.header, number: 13 } }
    expect(code(() => anchorReceipt(hash, changed, 1))).toBe('CHAIN_HEADER_WRONG')
    expect(code(() => headerOf(hash, changed.header))).toBe('CHAIN_HEADER_WRONG')
    const fewer = { ...block, extrinsics: block.extrinsics.slice(1) }
    expect(code(() => anchorReceipt(hash, fewer, 0))).toBe('CHAIN_BLOCK_WRONG')
    expect(code(() => anchorReceipt(hash, block, 2))).toBe('CHAIN_BLOCK_WRONG')
    expect(toHex(headerOf(hash, block.header))).toMatch(/^0x00/)
  })
})
