import { Keyring } from '@polkadot/api'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { readRuntime } from '../../../shared/chain/devnet/runtime-artifact.ts'
import type { InProcessChain } from './in-process-chain.ts'

// chopsticks makes its logger when it is imported.
vi.hoisted(() => {
  process.env.LOG_LEVEL = 'fatal'
})
const { bootRuntime } = await import('./in-process-chain.ts')

const NETUID = 1
const TEMPO = 20
const STAKE = 10_000_000_000_000n

await cryptoWaitReady()
const keyring = new Keyring({ type: 'sr25519' })
const addressOf = (uri: string) => keyring.addFromUri(uri).address

interface Metagraph {
  tempo: number
  numUids: number
  hotkeys: string[]
  coldkeys: string[]
  validatorPermit: boolean[]
  commitRevealWeightsEnabled: boolean
}

describe.each([
  { preset: 'subnet-2', validators: 1, miners: 1 },
  { preset: 'subnet-16', validators: 4, miners: 12 },
  { preset: 'subnet-256', validators: 64, miners: 192 },
])('$preset', ({ preset, validators, miners }) => {
  let chain: InProcessChain
  afterAll(() => chain?.close())

  it('holds a subnet whose keys everybody can derive, with every rao in its place', async () => {
    chain = await bootRuntime((await readRuntime()).wasm, preset)
    const view = (
      await chain.api.call.subnetInfoRuntimeApi!.getMetagraph!(NETUID)
    ).toJSON() as unknown as Metagraph
    const uris = (count: number, role: string) =>
      Array.from({ length: count }, (_, index) => `//${role}//${index + 1}`)
    const all = [...uris(validators, 'validator'), ...uris(miners, 'miner')]
    expect(view).toMatchObject({
      tempo: TEMPO,
      numUids: all.length,
      commitRevealWeightsEnabled: false,
      hotkeys: all.map(addressOf),
      coldkeys: all.map((uri) => addressOf(`//coldkey${uri}`)),
      validatorPermit: all.map(() => false),
    })

    const value = async (pallet: string, name: string) => BigInt((await chain.read(pallet, name)).toString())
    const sum = async (name: string) =>
      (await chain.entries('subtensorModule', name)).reduce<bigint>((a, b) => a + BigInt(String(b)), 0n)
    const pending = (await sum('pendingServerEmission')) + (await sum('pendingValidatorEmission'))
    const stake = await value('subtensorModule', 'totalStake')
    expect(stake).toBe(STAKE * BigInt(validators))
    expect(await sum('alpha')).toBe(stake)
    expect(await value('subtensorModule', 'totalIssuance')).toBe(
      (await value('balances', 'totalIssuance')) + stake + pending,
    )
  }, 240_000)
})

it('gives the validators of a preset their permits in the first epoch', async () => {
  const chain = await bootRuntime((await readRuntime()).wasm, 'subnet-2')
  while ((await chain.api.rpc.chain.getHeader()).number.toNumber() < TEMPO) await chain.block()
  expect((await chain.read('subtensorModule', 'validatorPermit', NETUID)).toJSON()).toEqual([true, false])
  const [set] = await chain.block([
    chain.call('subtensorModule', 'setWeights', NETUID, [1], [1], 0),
    keyring.addFromUri('//validator//1'),
  ])
  expect(set?.error).toBeUndefined()
  await chain.close()
}, 240_000)
