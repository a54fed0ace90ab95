import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyAnchorProof } from '../../../shared/chain/anchor-proof/verify-anchor.ts'
import type { AnchorReceipt, ChainAdmin, ChainClient } from '../../../shared/chain/chain-client.ts'
import { type Devnet, startDevnet } from '../../../shared/chain/devnet/devnet.ts'
import { connectChain } from '../../../shared/chain/substrate-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'

const NETUID = 1
const SPACE = 3_100
const alice = signerFromUri('//Alice')
/** A neuron of the preset. */
const validator = signerFromUri('//validator//1')

let folder: string
let devnet: Devnet
let chain: ChainClient & ChainAdmin

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-devnet-'))
  devnet = await startDevnet({ port: 0, dataDir: folder, blockMs: 150, preset: 'subnet-2' })
  chain = await connectChain({ endpoint: devnet.url, expected: { specName: 'starling' } })
})

afterAll(async () => {
  await chain?.close()
  await devnet?.close()
  await rm(folder, { recursive: true })
})

const bytes = (length: number, seed = 0) => new Uint8Array(length).map((_, i) => i + seed)
const claimOf = (data: Uint8Array) => ({ validator: validator.publicKey, netuid: NETUID, data })

describe('an anchor on a devnet', () => {
  let receipt: AnchorReceipt
  const data = bytes(108)

  it('is proven to be in its block, among others’ transactions', async () => {
    const transfers = Array.from({ length: 6 }, () =>
      chain.transfer(alice, { to: alice.address, amount: 1n }),
    )
    ;[receipt] = await Promise.all([chain.anchor(validator, NETUID, data), ...transfers])
    expect(verifyAnchorProof(receipt, claimOf(data))).toBeUndefined()
    expect(await chain.blockHash(receipt.block)).toBe(receipt.blockHash)
    expect(await chain.headerBytes(receipt.blockHash)).toEqual(receipt.header)
    await expect(chain.headerBytes(`0x${'12'.repeat(32)}`)).rejects.toMatchObject({ code: /^CHAIN_/ })
  })

  it('is refused once any byte of it is another', () => {
    const claim = claimOf(data)
    const flips = (part: Uint8Array) => Array.from(part, (byte, i) => part.with(i, byte ^ (1 << (i % 8))))
    for (const header of flips(receipt.header)) {
      expect(verifyAnchorProof({ ...receipt, header }, claim)).toBeDefined()
    }
    for (const extrinsic of flips(receipt.extrinsic)) {
      expect(verifyAnchorProof({ ...receipt, extrinsic }, claim)).toBeDefined()
    }
    for (const [place, node] of receipt.proof.entries()) {
      for (const changed of flips(node)) {
        const proof = receipt.proof.with(place, changed)
        expect(verifyAnchorProof({ ...receipt, proof }, claim)).toBeDefined()
      }
    }
    expect(verifyAnchorProof({ ...receipt, index: receipt.index - 1 }, claim)).toBeDefined()
  })

  it('is what the chain holds of the hotkey, until the next', async () => {
    expect(await chain.commitmentOf(NETUID, validator.address)).toEqual({ block: receipt.block, data })
    expect(await chain.commitmentOf(NETUID, alice.address)).toBeUndefined()
    for (const next of [bytes(128, 1), bytes(0)]) {
      const later = await chain.anchor(validator, NETUID, next)
      expect(later.block).toBeGreaterThan(receipt.block)
      expect(verifyAnchorProof(later, claimOf(next))).toBeUndefined()
      expect(verifyAnchorProof(later, claimOf(data))).toBeDefined()
      expect(await chain.commitmentOf(NETUID, validator.address)).toEqual({ block: later.block, data: next })
    }
  })

  it('costs the hotkey nothing', async () => {
    const before = await chain.balance(validator.address)
    await chain.anchor(validator, NETUID, data)
    expect(await chain.balance(validator.address)).toBe(before)
  })

  it('says why the chain refuses it, and what helps', async () => {
    await expect(chain.anchor(alice, NETUID, data)).rejects.toMatchObject({
      code: 'CHAIN_ACCOUNT_NOT_ALLOWED_COMMIT',
      remedy: expect.stringContaining('register'),
    })
    await expect(chain.anchor(validator, NETUID, bytes(129))).rejects.toMatchObject({
      code: 'CHAIN_ARGUMENT_INVALID',
      message: expect.stringContaining('129 bytes are too many'),
    })
  })

  it('waits for space where an epoch’s is used up', async () => {
    await chain.setHyperparameters(alice, NETUID, { tempo: 50_000 })
    const all = Array.from({ length: Math.ceil(SPACE / 128) }, () =>
      chain.anchor(validator, NETUID, bytes(128)),
    )
    const outcomes = await Promise.allSettled(all)
    const refused = outcomes.filter(({ status }) => status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    for (const { reason } of refused as PromiseRejectedResult[]) {
      expect(reason).toMatchObject({
        code: 'CHAIN_SPACE_LIMIT_EXCEEDED',
        remedy: expect.stringContaining('next epoch'),
      })
    }
  })

  it('is given up when it is told to, and not sent where that was before', async () => {
    const reason = new Error('enough')
    const nonce = () => chain.commitmentOf(NETUID, validator.address)
    const before = await nonce()
    await expect(chain.anchor(validator, NETUID, data, AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(await nonce()).toEqual(before)
    const stop = new AbortController()
    const given = chain.anchor(alice, NETUID, data, stop.signal)
    stop.abort(reason)
    await expect(given).rejects.toBe(reason)
  })
})
