import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api'
import type { ProviderInterface } from '@polkadot/rpc-provider/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Devnet, startDevnet } from '../../../shared/chain/devnet/devnet.ts'
import { type BuiltBlock, buildBlock } from '../../../shared/chain/devnet/node/block-builder.ts'
import {
  createExecutor,
  type Executor,
  type RuntimeCall,
} from '../../../shared/chain/devnet/runtime/executor.ts'
import { genesisBlock } from '../../../shared/chain/devnet/runtime/genesis.ts'
import type { Hex } from '../../../shared/chain/devnet/runtime/scale.ts'
import { encodeInherent, learnTimestampInherent } from '../../../shared/chain/devnet/runtime/timestamp.ts'
import { readGenesis } from '../../../shared/chain/devnet/storage/genesis-file.ts'
import { createState, type StateView } from '../../../shared/chain/devnet/storage/state.ts'

let folder: string
let devnet: Devnet
let api: ApiPromise
let executor: Executor
let instances: (readonly RuntimeCall[])[]
let build: (transactions: readonly Hex[]) => Promise<BuiltBlock>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-builder-'))
  devnet = await startDevnet({ port: 0, dataDir: folder, blockMs: 600_000 })
  const provider = new WsProvider(devnet.url) as ProviderInterface
  api = await ApiPromise.create({ provider, noInitWarn: true })
  const genesis = await readGenesis(join(folder, 'genesis.json'))
  if (genesis === undefined) throw new Error('the devnet has written its genesis')
  const state: StateView = createState(genesis.state)
  const real = createExecutor()
  executor = {
    ...real,
    run: (view, calls) => {
      instances.push(calls)
      return real.run(view, calls)
    },
  }
  const parent = await genesisBlock(real, genesis.state)
  const inherent = encodeInherent(await learnTimestampInherent(real, state), Date.now())
  build = (transactions) => {
    instances = []
    return buildBlock(executor, parent, state, inherent, transactions)
  }
})
afterAll(async () => {
  await executor?.close()
  await api?.disconnect()
  await devnet?.close()
  await rm(folder, { recursive: true })
})

const keys = new Keyring({ type: 'sr25519', ss58Format: 42 })

async function transfer(from: string, nonce: number): Promise<Hex> {
  const call = api.tx.balances?.transferKeepAlive?.(keys.addFromUri('//Bob').address, 1_000_000_000)
  if (call === undefined) throw new Error('the runtime has balances')
  return (await call.signAsync(keys.addFromUri(from), { nonce, era: 0 })).toHex()
}

describe('a block', () => {
  it('takes one instance of the runtime where nothing is refused', async () => {
    const transactions = [
      await transfer('//Alice', 0),
      await transfer('//Dave', 0),
      await transfer('//Alice', 1),
    ]
    const { block, refused } = await build(transactions)
    expect(block.extrinsics.slice(1)).toEqual(transactions)
    expect(refused.size).toBe(0)
    expect(instances).toHaveLength(1)
    expect((await build([])).block.extrinsics).toHaveLength(1)
    expect(instances).toHaveLength(1)
  })

  it.each([0, 1, 2])('leaves out exactly what the runtime refuses, at place %d', async (place) => {
    const good = [await transfer('//Alice', 0), await transfer('//Dave', 0)]
    const bad = await transfer('//Poor', 0)
    const { block, refused, changes } = await build(good.toSpliced(place, 0, bad))
    expect(block.extrinsics.slice(1)).toEqual(good)
    expect([...refused]).toEqual([[bad, expect.objectContaining({ reason: 'payment' })]])
    // The same block as if the refused one had never been there.
    const without = await build(good)
    expect(block.hash).toBe(without.block.hash)
    expect(changes).toEqual(without.changes)
  })

  it('survives a transaction that the runtime cannot read', async () => {
    const good = await transfer('//Alice', 0)
    const { block, refused } = await build([good, '0x04ff'])
    expect(block.extrinsics.slice(1)).toEqual([good])
    expect(refused.get('0x04ff')).toMatchObject({ kind: 'unknown' })
  })
})
