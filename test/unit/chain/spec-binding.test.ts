import { compactAddLength, u8aConcat, u8aToHex } from '@polkadot/util'
import { blake2AsHex } from '@polkadot/util-crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { bigint } from '../../../shared/chain/substrate/codec-json.ts'
import { bindCall, matchCall, matchStorage } from '../../../shared/chain/substrate/metadata.ts'
import type { RpcSocket } from '../../../shared/chain/substrate/rpc-socket.ts'
import { loadRuntime, type Runtime } from '../../../shared/chain/substrate/runtime.ts'
import type { CallEntry, StorageEntry } from '../../../shared/chain/substrate/spec-table.ts'
import { subtensorMetadata } from '../../support/subtensor-metadata.ts'

const SOME = Uint8Array.of(1)
const version = {
  specName: 'node-subtensor',
  specVersion: 425,
  transactionVersion: 1,
  apis: [[blake2AsHex('Metadata', 64), 2]],
}
let api: Runtime['api']

beforeAll(async () => {
  const metadata = subtensorMetadata()
  const answers: Record<string, unknown> = {
    Metadata_metadata_versions: '0x0410000000',
    Metadata_metadata_at_version: u8aToHex(u8aConcat(SOME, compactAddLength(metadata))),
    system_chain: 'Test',
    system_properties: {},
  }
  const socket = {
    request: async (method: string, params: readonly unknown[]) =>
      answers[method === 'state_call' ? String(params[0]) : method],
  }
  api = (await loadRuntime(socket as unknown as RpcSocket, version, `0x${'2f'.repeat(32)}`)).api
})

const pallet = 'subtensorModule'
const wide = { pallet, name: 'commitWeights', args: ['netuid: u32', 'commitHash: H256'] }
const narrow = { pallet, name: 'commitWeights', args: ['netuid: u16', 'commitHash: H256'] }
const other = { pallet, name: 'commitElsewhere', args: ['netuid: u16'] }
const entry = (...shapes: CallEntry['shapes']): CallEntry => ({ required: true, shapes })

describe('an operation’s call', () => {
  const commitHash = `0x${'ab'.repeat(32)}`

  it('is the first shape that the runtime has', () => {
    for (const shapes of [
      [narrow, wide],
      [wide, narrow],
      [other, wide, narrow],
    ]) {
      expect(matchCall(api, entry(...shapes))).toEqual({ shape: narrow })
      const call = bindCall(api, entry(...shapes), { commitHash, netuid: 258, unused: 1 })
      expect(call.method.toHex()).toBe(`0x07600201${'ab'.repeat(32)}`)
    }
  })

  it('differs by what the runtime has in place of any shape', () => {
    expect(matchCall(api, entry(other, wide))).toEqual({
      missing: false,
      difference: `call subtensorModule.commitWeights is (${narrow.args.join(', ')}), not (${wide.args.join(', ')})`,
    })
    const swapped = { ...narrow, args: [...narrow.args].reverse() }
    expect(matchCall(api, entry(swapped))).toMatchObject({ missing: false })
    const renamed = { ...narrow, args: ['netuid: u16', 'hash: H256'] }
    expect(matchCall(api, entry(renamed))).toMatchObject({ missing: false })
  })

  it('is missing when the runtime has no shape’s name', () => {
    expect(matchCall(api, entry(other, { ...other, pallet: 'elsewhere' }))).toEqual({
      missing: true,
      difference: 'call subtensorModule.commitElsewhere or elsewhere.commitElsewhere is missing',
    })
  })

  it('is not made with an argument left out, which would be sent as zero', () => {
    expect(() => bindCall(api, entry(narrow), { commitHash })).toThrow(
      expect.objectContaining({
        code: 'CHAIN_ARGUMENT_INVALID',
        message: expect.stringContaining('netuid is not given'),
      }),
    )
  })
})

describe('a storage item', () => {
  const storage = (...shapes: StorageEntry['shapes']): StorageEntry => ({ shapes, schema: bigint })

  it('is told by its keys and its value', () => {
    const tempo = { pallet, name: 'tempo', type: '(u16) => u16' }
    const renamed = { pallet, name: 'epochLength', type: '(u16) => u16' }
    const plain = { ...tempo, type: 'u16' }
    expect(matchStorage(api, storage(renamed, tempo))).toEqual({ shape: tempo })
    expect(matchStorage(api, storage(plain))).toEqual({
      missing: false,
      difference: 'storage subtensorModule.tempo is (u16) => u16, not u16',
    })
    expect(matchStorage(api, storage(renamed))).toMatchObject({ missing: true })
  })
})
