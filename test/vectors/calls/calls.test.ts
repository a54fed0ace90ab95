import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChainAdmin, ChainClient } from '../../../shared/chain/chain-client.ts'
import { CODE_KEY, createExecutor } from '../../../shared/chain/devnet/runtime/executor.ts'
import { toHex } from '../../../shared/chain/devnet/runtime/scale.ts'
import { readRuntime } from '../../../shared/chain/devnet/runtime-artifact.ts'
import { createState } from '../../../shared/chain/devnet/storage/state.ts'
import { ADMIN_CALLS, CALLS } from '../../../shared/chain/substrate/spec-table.ts'
import { connectChain } from '../../../shared/chain/substrate-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { realOrBuiltMetadata } from '../../support/subtensor-metadata.ts'
import { type SubtensorNode, startSubtensorNode } from '../../support/subtensor-node.ts'
import { type CallArguments, send } from './send.ts'

interface Vector {
  call: string
  args: CallArguments
  bytes: string
}

const file = new URL('subtensor-424.json', import.meta.url)
const { calls }: { calls: Vector[] } = JSON.parse(await readFile(file, 'utf8'))
const alice = signerFromUri('//Alice')

/** What our own runtime does not have: it knows no drand. */
const NOT_OURS = [
  'SubtensorModule.commit_timelocked_weights',
  'SubtensorModule.commit_timelocked_mechanism_weights',
]

const titled = (vectors: Vector[]) =>
  vectors.map(({ call, args, bytes }): [string, Vector] => [
    `${call} ${JSON.stringify(args)}`,
    { call, args, bytes },
  ])

describe('the golden bytes', () => {
  it('cover every call that the client can send', () => {
    const covered = new Set(calls.map(({ call }) => lowerFirst(camel(call))))
    const sent = [...Object.values(CALLS), ...Object.values(ADMIN_CALLS)]
      .flatMap(({ shapes }) => shapes)
      .map(({ pallet, name }) => `${pallet}.${name}`)
    // Subtensor has no such call.
    const missing = sent.filter((name) => !covered.has(name) && name !== 'adminUtils.sudoSetMaxWeightLimit')
    expect(missing).toEqual([])
  })
})

describe.each([
  ['Subtensor', realOrBuiltMetadata, 'node-subtensor', [] as string[]],
  ['our own runtime', ownMetadata, 'starling', NOT_OURS],
])('what the client sends to %s', (_name, metadata, specName, missing) => {
  let node: SubtensorNode
  let chain: ChainClient & ChainAdmin

  beforeAll(async () => {
    node = await startSubtensorNode({
      metadata: await metadata(),
      specName,
      specVersion: 425,
      genesisHash: `0x${'ab'.repeat(32)}`,
      height: 1_000,
    })
    chain = await connectChain({ endpoint: node.url, expected: { specName } })
  })

  afterAll(async () => {
    await chain?.close()
    await node?.close()
  })

  it.each(titled(calls.filter(({ call }) => !missing.includes(call))))('%s', async (_title, vector) => {
    const before = node.received.length
    await send(chain, alice, vector.call, vector.args)
    expect(node.received.slice(before).map(({ bytes }) => bytes)).toEqual([vector.bytes])
  })

  it.each(titled(calls.filter(({ call }) => missing.includes(call))))('not %s', async (_title, vector) => {
    const before = node.received.length
    const name = camel(vector.call.split('.')[1] ?? '')
    await expect(send(chain, alice, vector.call, vector.args)).rejects.toMatchObject({
      code: 'CHAIN_INCOMPATIBLE',
      message: expect.stringContaining(name),
    })
    expect(node.received.length).toBe(before)
  })

  it('in no way that the node does not know', () => {
    expect(node.unknown).toEqual([])
  })
})

/** Metadata of the committed runtime. */
async function ownMetadata(): Promise<Uint8Array> {
  const { wasm } = await readRuntime()
  const executor = createExecutor()
  try {
    const state = createState([[CODE_KEY, toHex(wasm)]])
    const version = Uint8Array.of(15, 0, 0, 0)
    const { result } = await executor.run(state, [['Metadata_metadata_at_version', version]])
    // Option<Vec<u8>>: one byte, then a compact length of four.
    return result.subarray(1 + 4)
  } finally {
    await executor.close()
  }
}

function camel(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
