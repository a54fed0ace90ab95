import { Keyring } from '@polkadot/api'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readRuntime } from '../../../shared/chain/devnet/runtime-artifact.ts'
import type { InProcessChain, SignedCall } from './in-process-chain.ts'

// chopsticks makes its logger when it is imported.
vi.hoisted(() => {
  process.env.LOG_LEVEL = 'fatal'
})
const { bootRuntime } = await import('./in-process-chain.ts')

const TAO = 1_000_000_000n
const NETUID = 1
const TEMPO = 4
/** 127.0.0.2, the first loopback address that serve_axon takes. */
const LOOPBACK_2 = 0x7f00_0002

await cryptoWaitReady()
const keyring = new Keyring({ type: 'sr25519' })
const [alice, bob, charlie, dave] = ['//Alice', '//Bob', '//Charlie', '//Dave'].map((uri) =>
  keyring.addFromUri(uri),
) as [Pair, Pair, Pair, Pair]
type Pair = ReturnType<Keyring['addFromUri']>
const hotkeyOf = (uri: string) => keyring.addFromUri(`${uri}//hot`)
const ownerHotkey = hotkeyOf('//Alice')
const validatorHotkey = hotkeyOf('//Bob')
const minerHotkey = hotkeyOf('//Charlie')
const otherHotkey = hotkeyOf('//Dave')

let chain: InProcessChain

/** A storage value that is a number. */
const amount = async (pallet: string, name: string, ...keys: unknown[]) =>
  BigInt((await chain.read(pallet, name, ...keys)).toString())

const sum = async (name: string) =>
  (await chain.entries('subtensorModule', name)).reduce<bigint>(
    (total, value) => total + BigInt(String(value)),
    0n,
  )

const free = async (account: Pair) => {
  const { data } = (await chain.read('system', 'account', account.address)).toJSON() as {
    data: { free: number | string }
  }
  return BigInt(data.free)
}

const stakeOf = (hotkey: Pair) => amount('subtensorModule', 'totalHotkeyAlpha', hotkey.address, NETUID)

/** Checks that every rao is in one place; gives back total issuance. */
async function issuance(): Promise<bigint> {
  const total = await amount('subtensorModule', 'totalIssuance')
  const stake = await amount('subtensorModule', 'totalStake')
  const pots = ['pendingServerEmission', 'pendingValidatorEmission', 'pendingOwnerCut']
  const pending = (await Promise.all(pots.map(sum))).reduce((a, b) => a + b)
  expect(await sum('totalHotkeyAlpha')).toBe(stake)
  expect(await sum('alpha')).toBe(stake)
  expect((await amount('balances', 'totalIssuance')) + stake + pending).toBe(total)
  return total
}

const subtensor = (name: string, ...args: unknown[]) => chain.call('subtensorModule', name, ...args)
const sudo = (name: string, ...args: unknown[]) =>
  chain.call('sudo', 'sudo', chain.call('adminUtils', name, ...args))
const serveAxon = () => subtensor('serveAxon', NETUID, 1, LOOPBACK_2, 9_000, 4, 0, 0, 0)

interface Metagraph {
  numUids: number
  tempo: number
  hotkeys: string[]
  coldkeys: string[]
  axons: { ip: number; port: number }[]
  validatorPermit: boolean[]
  incentives: number[]
  dividends: number[]
  emission: (number | string)[]
  totalStake: (number | string)[]
}

const metagraph = async (netuid = NETUID) =>
  (await chain.api.call.subnetInfoRuntimeApi!.getMetagraph!(netuid)).toJSON() as Metagraph | null

const nextEpoch = async () =>
  Number((await chain.api.call.subnetInfoRuntimeApi!.getNextEpochStartBlock!(NETUID)).toString())

const head = async () => (await chain.api.rpc.chain.getHeader()).number.toNumber()

/** Builds blocks until the next epoch has run. */
async function runEpoch() {
  const epoch = await nextEpoch()
  while ((await head()) < epoch) await chain.block()
}

async function all(...calls: SignedCall[]) {
  for (const { error } of await chain.block(...calls)) expect(error).toBeUndefined()
}

beforeAll(async () => {
  chain = await bootRuntime((await readRuntime()).wasm)
  await all([subtensor('registerNetwork', ownerHotkey.address), alice])
  await all(
    [sudo('sudoSetTempo', NETUID, TEMPO), alice],
    [sudo('sudoSetWeightsSetRateLimit', NETUID, 0), alice],
    [subtensor('burnedRegister', NETUID, validatorHotkey.address), bob],
    [subtensor('addStake', validatorHotkey.address, NETUID, 1_000n * TAO), bob],
    [subtensor('burnedRegister', NETUID, minerHotkey.address), charlie],
    [subtensor('burnedRegister', NETUID, otherHotkey.address), dave],
  )
  await runEpoch()
}, 240_000)

afterAll(() => chain?.close())

describe('the runtime as clients see it', () => {
  it('has the calls, arguments and indices of Subtensor', () => {
    const { api } = chain
    const indices = (pallet: string) =>
      Object.fromEntries(Object.entries(api.tx[pallet]!).map(([name, call]) => [name, [...call.callIndex]]))
    expect(indices('subtensorModule')).toEqual({
      setWeights: [7, 0],
      addStake: [7, 2],
      removeStake: [7, 3],
      serveAxon: [7, 4],
      burnedRegister: [7, 7],
      registerNetwork: [7, 59],
      commitWeights: [7, 96],
      revealWeights: [7, 97],
      batchRevealWeights: [7, 98],
      commitMechanismWeights: [7, 115],
      revealMechanismWeights: [7, 116],
      setMechanismWeights: [7, 119],
      registerLimit: [7, 134],
      triggerEpoch: [7, 141],
    })
    expect(indices('commitments')).toEqual({ setCommitment: [18, 0], setMaxSpace: [18, 2] })
    expect(indices('adminUtils')).toMatchObject({ sudoSetTempo: [19, 30], sudoSetKappa: [19, 16] })
    expect(
      subtensor('setWeights', 1, [], [], 0).meta.args.map(({ name, type }) => `${name}: ${type}`),
    ).toEqual(['netuid: u16', 'dests: Vec<u16>', 'weights: Vec<u16>', 'versionKey: u64'])
    expect(api.registry.chainSS58).toBe(42)
  })

  it('encodes setWeights byte for byte as Subtensor does', () => {
    const call = subtensor('setWeights', 1, [0, 1], [65_535, 100], 0)
    expect(call.method.toHex()).toBe(`0x07000100080000010008ffff6400${'00'.repeat(8)}`)
  })

  it('names each error that a client has to tell apart', () => {
    const { errors } = chain.api
    for (const name of ['NeuronNoValidatorPermit', 'SettingWeightsTooFast', 'HotKeyNotRegisteredInSubNet']) {
      expect(Object.keys(errors.subtensorModule!)).toContain(name)
    }
  })

  it('shows the metagraph to a stock client', async () => {
    const view = await metagraph()
    expect(view).toMatchObject({
      numUids: 4,
      tempo: TEMPO,
      hotkeys: [ownerHotkey, validatorHotkey, minerHotkey, otherHotkey].map((pair) => pair.address),
      coldkeys: [alice, bob, charlie, dave].map((pair) => pair.address),
      validatorPermit: [true, true, false, false],
    })
    expect(BigInt(view!.totalStake[1]!)).toBe(await stakeOf(validatorHotkey))
    expect(await metagraph(9)).toBeNull()
  })

  it('tells tools that ask of Aura’s slots how long a block is, and that nobody has one', async () => {
    const { slotDuration, authorities } = chain.api.call.auraApi!
    expect((await slotDuration!()).toString()).toBe('12000')
    expect((await authorities!()).toJSON()).toEqual([])
  })

  it('says when the next epoch comes', async () => {
    const last = await amount('subtensorModule', 'lastEpochBlock', NETUID)
    expect(await nextEpoch()).toBe(Number(last) + TEMPO)
  })
})

describe('transactions', () => {
  it('let a hotkey without a balance serve an axon, free of fees', async () => {
    expect(await free(minerHotkey)).toBe(0n)
    const [outcome] = await chain.block([serveAxon(), minerHotkey])
    expect(outcome).toMatchObject({ error: undefined })
    expect(outcome!.events).toContain('subtensorModule.AxonServed')
    expect((await metagraph())!.axons[2]).toMatchObject({ ip: LOOPBACK_2, port: 9_000 })
    const [again] = await chain.block([serveAxon(), minerHotkey])
    expect(again!.error).toBe('ServingRateLimitExceeded')
    expect(await free(minerHotkey)).toBe(0n)
  })

  it('burn their fees, and issuance knows', async () => {
    const before = { issuance: await issuance(), alice: await free(alice), bob: await free(bob) }
    const transfer = chain.call('balances', 'transferKeepAlive', bob.address, TAO)
    await all([transfer, alice])
    expect(await free(bob)).toBe(before.bob + TAO)
    const fee = before.alice - TAO - (await free(alice))
    expect(fee).toBeGreaterThan(0n)
    expect(fee).toBeLessThan(TAO / 100n)
    expect(await issuance()).toBe(before.issuance + TAO - fee)
  })

  it('burn the dust of an account that ceases to exist, and issuance knows', async () => {
    const fleeting = keyring.addFromUri('//Fleeting')
    const give = chain.call('balances', 'transferKeepAlive', fleeting.address, TAO)
    await all([give, alice])
    const before = await issuance()
    const rest = chain.call('balances', 'forceTransfer', fleeting.address, bob.address, TAO - 100n)
    const alices = await free(alice)
    await all([chain.call('sudo', 'sudo', rest), alice])
    expect(await free(fleeting)).toBe(0n)
    expect(await issuance()).toBe(before + TAO - (alices - (await free(alice))) - 100n)
  })

  it('cannot change issuance behind the pallet', async () => {
    const [outcome] = await chain.block([chain.call('balances', 'burn', TAO, true), bob])
    expect(outcome!.error).toBe('CallFiltered')
    await issuance()
  })

  it('leave hyperparameters to root', async () => {
    const [outcome] = await chain.block([chain.call('adminUtils', 'sudoSetTempo', NETUID, 9), bob])
    expect(outcome!.error).toContain('BadOrigin')
    expect((await metagraph())!.tempo).toBe(TEMPO)
  })

  it('are refused with the error of the pallet', async () => {
    const outcomes = await chain.block(
      [subtensor('setWeights', NETUID, [1], [1], 0), minerHotkey],
      [subtensor('burnedRegister', NETUID, minerHotkey.address), charlie],
      [subtensor('addStake', minerHotkey.address, NETUID, 1), charlie],
    )
    expect(outcomes.map(({ error }) => error)).toEqual([
      'NeuronNoValidatorPermit',
      'HotKeyAlreadyRegisteredInSubNet',
      'AmountTooLow',
    ])
  })
})

describe('an epoch', () => {
  it('pays miners by weight and the validator by its bonds, and mints nothing else', async () => {
    await all([subtensor('setWeights', NETUID, [2, 3], [3, 1], 0), validatorHotkey])
    await runEpoch()
    const before = {
      issuance: await issuance(),
      block: await head(),
      miner: await stakeOf(minerHotkey),
      other: await stakeOf(otherHotkey),
      validator: await stakeOf(validatorHotkey),
    }
    await runEpoch()
    const blocks = BigInt((await head()) - before.block)
    expect(blocks).toBe(BigInt(TEMPO))
    expect(await issuance()).toBe(before.issuance + blocks * TAO)

    const server = (blocks * TAO) / 2n
    const isAbout = (actual: bigint, expected: bigint) => {
      expect(actual).toBeGreaterThan(expected - 1_000n)
      expect(actual).toBeLessThan(expected + 1_000n)
    }
    isAbout((await stakeOf(minerHotkey)) - before.miner, (server * 3n) / 4n)
    isAbout((await stakeOf(otherHotkey)) - before.other, server / 4n)
    isAbout((await stakeOf(validatorHotkey)) - before.validator, server)
    const view = await metagraph()
    expect(view!.incentives).toEqual([0, 0, 49_151, 16_383])
    expect(view!.dividends).toEqual([0, 65_535, 0, 0])
  })

  it('pays stake that can be taken out again', async () => {
    const earned = await stakeOf(minerHotkey)
    expect(earned).toBeGreaterThan(TAO)
    const before = await free(charlie)
    await all([subtensor('removeStake', minerHotkey.address, NETUID, TAO), charlie])
    expect(await free(charlie)).toBeGreaterThan(before + (TAO * 99n) / 100n)
    await issuance()
  })
})

describe('the preset local_testnet', () => {
  it('endows two accounts and makes Alice root', async () => {
    const other = await bootRuntime((await readRuntime()).wasm, 'local_testnet')
    try {
      expect((await other.read('sudo', 'key')).toString()).toBe(alice.address)
      expect(BigInt((await other.read('subtensorModule', 'totalIssuance')).toString())).toBe(2_000_000n * TAO)
      expect((await other.entries('subtensorModule', 'networksAdded')).length).toBe(0)
    } finally {
      await other.api.disconnect()
    }
  })
})
