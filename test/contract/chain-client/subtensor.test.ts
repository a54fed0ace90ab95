import { blake2AsHex } from '@polkadot/util-crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { verifyAnchorProof } from '../../../shared/chain/anchor-proof/verify-anchor.ts'
import type { ChainAdmin, ChainClient } from '../../../shared/chain/chain-client.ts'
import { connectChain } from '../../../shared/chain/substrate-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import {
  type MetadataChanges,
  realOrBuiltMetadata,
  subtensorMetadata,
} from '../../support/subtensor-metadata.ts'
import { type NodeOptions, type SubtensorNode, startSubtensorNode } from '../../support/subtensor-node.ts'

const GENESIS = `0x${'2f'.repeat(32)}` as const
const NETUID = 1
const alice = signerFromUri('//Alice')
const bob = signerFromUri('//Bob')
const hash = (digit: string) => `0x${digit.repeat(64)}`

const metagraphs = {
  [NETUID]: {
    netuid: NETUID,
    name: [...Buffer.from('alpha')],
    ownerHotkey: bob.address,
    block: 1_234,
    tempo: 360,
    kappa: 32_767,
    minAllowedWeights: 8,
    maxWeightsLimit: 65_535,
    weightsVersion: 3_002_001n,
    weightsRateLimit: 100,
    activityCutoff: 5_000,
    maxValidators: 64,
    maxUids: 256,
    burn: 500_000_000n,
    immunityPeriod: 4_096,
    servingRateLimit: 50,
    commitRevealWeightsEnabled: true,
    hotkeys: [alice.address, bob.address],
    coldkeys: [bob.address, alice.address],
    identities: [null, null],
    axons: [
      { ip: 3_405_803_781n, port: 8_091, ipType: 4, version: 1_002_003, block: 5 },
      { ip: 0, port: 0 },
    ],
    active: [true, false],
    validatorPermit: [true, false],
    lastUpdate: [1_200, 900],
    emission: [9_007_199_254_740_993n, 0],
    dividends: [65_535, 0],
    incentives: [0, 65_535],
    consensus: [1, 2],
    blockAtRegistration: [10, 20],
    alphaStake: [1, 1],
    taoStake: [2, 2],
    totalStake: [18_446_744_073_709_551_615n, 7n],
  },
}

const COMMIT = '0xc0ffee'
const storage: NonNullable<NodeOptions['storage']> = [
  ['system.account', [alice.address], { nonce: 0, data: { free: 12_345_678_901n } }],
  ['subtensorModule.networksAdded', [NETUID], true],
  ['subtensorModule.tempo', [NETUID], 360],
  ['subtensorModule.lastEpochBlock', [NETUID], 1_100],
  ['subtensorModule.pendingEpochAt', [NETUID], 1_300],
  ['subtensorModule.subnetEpochIndex', [NETUID], 9],
  ['subtensorModule.blocksSinceLastStep', [NETUID], 134],
  ['subtensorModule.validatorTrust', [NETUID], [60_000, 3]],
  [
    'subtensorModule.weights',
    [NETUID, 0],
    [
      [1, 65_535],
      [0, 7],
    ],
  ],
  ['subtensorModule.weights', [NETUID + 2 * 4_096, 0], [[1, 5]]],
  ['subtensorModule.stakeThreshold', [], 1_000_000_000_000n],
  ['subtensorModule.mechanismCountCurrent', [NETUID], 2],
  ['subtensorModule.commitRevealWeightsVersion', [], 5],
  ['subtensorModule.revealPeriodEpochs', [NETUID], 2],
  [
    'subtensorModule.weightCommits',
    [NETUID, alice.address],
    [
      [hash('1'), 6, 700, 0],
      [hash('2'), 8, 1_000, 0],
    ],
  ],
  [
    'subtensorModule.timelockedWeightCommits',
    [NETUID, 7],
    [
      [bob.address, 801, '0x01', 1],
      [alice.address, 802, COMMIT, 5_000],
    ],
  ],
  ['subtensorModule.timelockedWeightCommits', [NETUID, 10], [[alice.address, 1_234, '0x02', 6_000]]],
  // Too old to be opened.
  ['subtensorModule.timelockedWeightCommits', [NETUID, 6], [[alice.address, 600, '0x03', 4_000]]],
  // Of another mechanism.
  ['subtensorModule.timelockedWeightCommits', [NETUID + 4_096, 9], [[alice.address, 1_150, '0x04', 7_000]]],
  ['subtensorModule.bondsMovingAverage', [NETUID], 900_001],
  ['subtensorModule.bondsPenalty', [NETUID], 65_000],
  ['subtensorModule.yuma3On', [NETUID], true],
  ['subtensorModule.liquidAlphaOn', [NETUID], true],
  ['subtensorModule.alphaValues', [NETUID], [45_000, 58_000]],
  ['subtensorModule.alphaSigmoidSteepness', [NETUID], -1_000],
]

let node: SubtensorNode | undefined
let chain: (ChainClient & ChainAdmin) | undefined

afterEach(async () => {
  await chain?.close()
  await node?.close()
  vi.restoreAllMocks()
})

async function connect(metadata: Uint8Array, facts: Partial<NodeOptions> = { metagraphs, storage }) {
  const started = await startSubtensorNode({
    metadata,
    specName: 'node-subtensor',
    specVersion: 425,
    genesisHash: GENESIS,
    height: 1_234,
    ...facts,
  })
  node = started
  const client = await connectChain({
    endpoint: started.url,
    expected: { specName: 'node-subtensor', genesisHash: GENESIS },
  })
  chain = client
  return { node: started, chain: client }
}

const connectReal = async () => connect(await realOrBuiltMetadata())
const connectChanged = (changes: MetadataChanges) => connect(subtensorMetadata(changes), {})

describe('the chain client on Subtensor', () => {
  it('connects without a word on the console, and may write', async () => {
    const spies = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name))
    const { chain, node } = await connectReal()
    expect(chain.info()).toMatchObject({ specName: 'node-subtensor', specVersion: 425 })
    expect(chain.writesStopped()).toBeUndefined()
    await chain.burnedRegister(alice, { netuid: NETUID, hotkey: bob.address })
    expect(node.received.map(({ call }) => call)).toEqual(['subtensorModule.burnedRegister'])
    expect(node.unknown).toEqual([])
    expect(spies.flatMap((spy) => spy.mock.calls)).toEqual([])
  })

  it('reads the metagraph, and from storage the trust that it no longer has', async () => {
    const { chain } = await connectReal()
    const { neurons, ...subnet } = await chain.metagraph(NETUID)
    expect(subnet).toEqual({
      netuid: NETUID,
      block: 1_234,
      tempo: 360,
      lastEpochBlock: 1_100,
      epochIndex: 9,
      ownerHotkey: bob.address,
    })
    expect(neurons).toEqual([
      {
        uid: 0,
        hotkey: alice.address,
        coldkey: bob.address,
        axon: { ip: '203.0.113.5', port: 8_091, servedAt: 5 },
        active: true,
        validatorPermit: true,
        stake: 18_446_744_073_709_551_615n,
        lastUpdate: 1_200,
        registeredAt: 10,
        incentive: 0,
        dividends: 65_535,
        consensus: 1,
        validatorTrust: 60_000,
        emission: 9_007_199_254_740_993n,
      },
      {
        uid: 1,
        hotkey: bob.address,
        coldkey: alice.address,
        axon: undefined,
        active: false,
        validatorPermit: false,
        stake: 7n,
        lastUpdate: 900,
        registeredAt: 20,
        incentive: 65_535,
        dividends: 0,
        consensus: 2,
        validatorTrust: 3,
        emission: 0n,
      },
    ])
  })

  it('reads hyperparameters from the metagraph and from storage', async () => {
    const { chain } = await connectReal()
    expect(await chain.hyperparameters(NETUID)).toEqual({
      tempo: 360,
      weightsRateLimit: 100,
      minAllowedWeights: 8,
      maxWeightLimit: 65_535,
      versionKey: 3_002_001n,
      commitReveal: true,
      commitScheme: 'timelocked',
      commitRevealVersion: 5,
      revealPeriodEpochs: 2,
      stakeThreshold: 1_000_000_000_000n,
      mechanisms: 2,
      kappa: 32_767,
      immunityPeriod: 4_096,
      activityCutoff: 5_000,
      maxAllowedUids: 256,
      maxAllowedValidators: 64,
      servingRateLimit: 50,
      bondsMovingAverage: 900_001,
      bondsPenalty: 65_000,
      yuma3: true,
      liquidAlpha: true,
      alphaLow: 45_000,
      alphaHigh: 58_000,
      alphaSigmoidSteepness: -1_000,
      burn: 500_000_000n,
    })
  })

  it('takes the runtime’s defaults where nothing is stored', async () => {
    const { chain } = await connect(await realOrBuiltMetadata(), { metagraphs })
    expect(await chain.hyperparameters(NETUID)).toMatchObject({
      commitRevealVersion: 4,
      revealPeriodEpochs: 1,
      stakeThreshold: 0n,
      mechanisms: 1,
      bondsMovingAverage: 900_000,
      bondsPenalty: 65_535,
      yuma3: false,
      liquidAlpha: false,
      alphaLow: 45_875,
      alphaHigh: 58_982,
      alphaSigmoidSteepness: 1_000,
    })
    expect(await chain.weights({ netuid: NETUID, uid: 0 })).toEqual({ uids: [], weights: [] })
    expect(await chain.weightCommits({ netuid: NETUID, hotkey: alice.address })).toEqual([])
  })

  it('reads the epoch schedule, weights and balance', async () => {
    const { chain } = await connectReal()
    expect(await chain.epochSchedule(NETUID)).toEqual({
      block: 1_234,
      tempo: 360,
      lastEpochBlock: 1_100,
      pendingEpochAt: 1_300,
      epochIndex: 9,
      blocksSinceLastStep: 134,
    })
    expect(await chain.weights({ netuid: NETUID, uid: 0 })).toEqual({ uids: [0, 1], weights: [7, 65_535] })
    expect(await chain.weights({ netuid: NETUID, uid: 0, mechanism: 2 })).toEqual({
      uids: [1],
      weights: [5],
    })
    expect(await chain.balance(alice.address)).toBe(12_345_678_901n)
    expect(await chain.balance(bob.address)).toBe(0n)
  })

  it('reads commits of both kinds, oldest first, without others’ and those that expired', async () => {
    const { chain } = await connectReal()
    expect(await chain.weightCommits({ netuid: NETUID, hotkey: alice.address })).toEqual([
      { hash: blake2AsHex(COMMIT, 256), block: 802, epoch: 7, revealRound: 5_000 },
      { hash: hash('2'), block: 1_000, epoch: 8, revealRound: undefined },
      // In a block that an epoch was due at and put off.
      { hash: blake2AsHex('0x02', 256), block: 1_234, epoch: 10, revealRound: 6_000 },
    ])
    expect(await chain.weightCommits({ netuid: NETUID, hotkey: alice.address, mechanism: 1 })).toMatchObject([
      { epoch: 9, revealRound: 7_000 },
    ])
  })

  it('reads what a hotkey committed, where that is one field of plain bytes', async () => {
    const entry = (netuid: number, fields: readonly unknown[]) =>
      [
        'commitments.commitmentOf',
        [netuid, alice.address],
        { deposit: 0, block: 77, info: { fields } },
      ] as const
    const { chain } = await connect(await realOrBuiltMetadata(), {
      storage: [
        entry(1, [{ Raw3: '0x010203' }]),
        entry(2, [{ BigRaw: `0x${'ab'.repeat(200)}` }]),
        entry(3, [{ Raw0: '0x' }]),
        entry(4, [{ Sha256: hash('1') }]),
        entry(5, [{ Raw1: '0x01' }, { Raw1: '0x02' }]),
        entry(6, ['ResetBondsFlag']),
        entry(7, []),
      ],
    })
    const committed = (netuid: number) => chain.commitmentOf(netuid, alice.address)
    expect(await committed(1)).toEqual({ block: 77, data: Uint8Array.of(1, 2, 3) })
    expect(await committed(2)).toEqual({ block: 77, data: new Uint8Array(200).fill(0xab) })
    expect(await committed(3)).toEqual({ block: 77, data: new Uint8Array() })
    for (const netuid of [4, 5, 6, 7, 8]) expect(await committed(netuid)).toBeUndefined()
    expect(await chain.commitmentOf(1, bob.address)).toBeUndefined()
  })

  it('anchors bytes, with a proof that needs no node', async () => {
    const { chain, node } = await connectReal()
    const data = new Uint8Array(108).fill(9)
    const receipt = await chain.anchor(alice, NETUID, data)
    expect(node.received.map(({ call }) => call)).toEqual(['commitments.setCommitment'])
    const claim = { validator: alice.publicKey, netuid: NETUID, data }
    expect(verifyAnchorProof(receipt, claim)).toBeUndefined()
    expect(verifyAnchorProof(receipt, { ...claim, validator: bob.publicKey })).toMatch(/signed by/)
    expect(await chain.headerBytes(receipt.blockHash)).toEqual(receipt.header)
  })

  it('names a subnet that does not exist', async () => {
    const { chain } = await connectReal()
    for (const read of [chain.metagraph, chain.hyperparameters, chain.epochSchedule]) {
      await expect(read(99)).rejects.toMatchObject({ code: 'CHAIN_SUBNET_UNKNOWN' })
    }
  })

  it('gives the new subnet’s netuid', async () => {
    const { chain } = await connectReal()
    expect(await chain.registerNetwork(alice, { hotkey: bob.address })).toMatchObject({ netuid: 7 })
  })

  it('shows a call without sending it: the very bytes that are sent otherwise', async () => {
    const { chain, node } = await connectReal()
    const plain = { netuid: NETUID, uids: [0, 1], weights: [65_535, 100], versionKey: 0n }
    const timelocked = { netuid: NETUID, commit: Uint8Array.of(1, 2), revealRound: 1_000, version: 4 }
    const capped = { netuid: NETUID, hotkey: bob.address, maxPrice: 5n }
    const shown = [
      await chain.unsignedCall('setWeights', plain),
      await chain.unsignedCall('commitWeights', { netuid: NETUID, commitHash: hash('3') }),
      await chain.unsignedCall('commitTimelockedWeights', timelocked),
      await chain.unsignedCall('registerLimit', capped),
    ]
    expect(node.received).toEqual([])
    expect(shown[0]!.call).toBe('0x07000100080000010008ffff64000000000000000000')
    await chain.setWeights(alice, plain)
    await chain.commitWeights(alice, { netuid: NETUID, commitHash: hash('3') })
    await chain.commitTimelockedWeights(alice, timelocked)
    await chain.registerLimit(alice, capped)
    expect(node.received.map(({ call, bytes }) => ({ name: call, call: bytes }))).toEqual(shown)
  })

  it('keeps the alpha that is not given', async () => {
    const { chain, node } = await connectReal()
    await chain.setHyperparameters(alice, NETUID, { alphaLow: 1 })
    await chain.setHyperparameters(alice, NETUID, { alphaHigh: 2 })
    expect(node.received.map(({ bytes }) => bytes)).toEqual([
      '0x0c001333010001' + '0090e2',
      '0x0c0013330100c8af' + '0200',
    ])
  })

  it('sends no hyperparameter when the runtime lacks the call for one', async () => {
    const { chain, node } = await connectReal()
    await expect(
      chain.setHyperparameters(alice, NETUID, { tempo: 10, maxWeightLimit: 1 }),
    ).rejects.toMatchObject({ code: 'CHAIN_INCOMPATIBLE', message: expect.stringMatching(/MaxWeightLimit/) })
    expect(node.received).toEqual([])
  })
})

describe('what cannot be', () => {
  it.each([
    ['a weight above u16', { uids: [0], weights: [65_536] }],
    ['a uid below zero', { uids: [-1], weights: [1] }],
    ['a version key below zero', { uids: [0], weights: [1], versionKey: -1n }],
  ])('is not sent: %s', async (_what, part) => {
    vi.spyOn(console, 'error').mockReturnValue()
    const { chain, node } = await connectReal()
    const weights = { netuid: NETUID, versionKey: 0n, ...part }
    await expect(chain.setWeights(alice, weights)).rejects.toMatchObject({ code: 'CHAIN_ARGUMENT_INVALID' })
    expect(node.received).toEqual([])
  })

  it('is not asked for', async () => {
    const { chain } = await connectReal()
    const invalid = { code: 'CHAIN_ARGUMENT_INVALID' }
    await expect(chain.balance('nobody')).rejects.toMatchObject(invalid)
    await expect(chain.weightCommits({ netuid: NETUID, hotkey: 'nobody' })).rejects.toMatchObject(invalid)
    await expect(chain.metagraph(65_536)).rejects.toMatchObject(invalid)
    const transfer = chain.transfer(alice, { to: 'nobody', amount: 1n })
    await expect(transfer).rejects.toMatchObject(invalid)
  })

  it.each([
    ['SubnetInfoRuntimeApi_get_metagraph', '0x01'],
    ['SubnetInfoRuntimeApi_get_metagraph', 7],
    ['state_queryStorageAt', [{ changes: 'none' }]],
    ['state_queryStorageAt', null],
  ])('is no answer: %s %j', async (method, answer) => {
    vi.spyOn(console, 'error').mockReturnValue()
    const { chain } = await connect(await realOrBuiltMetadata(), {
      metagraphs,
      answers: { [method]: answer },
    })
    await expect(chain.metagraph(NETUID)).rejects.toMatchObject({
      code: 'CHAIN_INCOMPATIBLE',
      message: expect.stringContaining(method),
    })
  })
})

describe('a runtime that differs', () => {
  const weights = { netuid: NETUID, uids: [0], weights: [1], versionKey: 0n }

  it('stops writes and names both signatures, but can be read', async () => {
    const args = 'netuid: NetUid, dests: Vec<u16>, weights: Vec<u32>, version_key: u64'
    const { chain, node } = await connectChanged({ 'SubtensorModule.set_weights': args })
    const reason =
      /subtensorModule.setWeights is \(netuid: u16, dests: Vec<u16>, weights: Vec<u32>, versionKey: u64\), not \(netuid: u16, dests: Vec<u16>, weights: Vec<u16>, versionKey: u64\)/
    expect(chain.writesStopped()).toMatch(reason)
    await expect(chain.setWeights(alice, weights)).rejects.toMatchObject({
      code: 'CHAIN_INCOMPATIBLE',
      message: expect.stringMatching(reason),
    })
    await expect(chain.transfer(alice, { to: bob.address, amount: 1n })).rejects.toThrow(reason)
    await expect(chain.setHyperparameters(alice, NETUID, { tempo: 1 })).rejects.toThrow(reason)
    expect(node.received).toEqual([])
    expect(await chain.balance(alice.address)).toBe(0n)
  })

  it.each([
    ['SubtensorModule.set_weights', null, /call subtensorModule.setWeights is missing/],
    ['SubtensorModule.commit_timelocked_weights', 'netuid: NetUid', /commitTimelockedWeights is \(netuid/],
    [
      'SubtensorModule.serve_axon',
      'port: u16, netuid: NetUid, version: u32, ip: u128',
      /serveAxon is \(port: u16/,
    ],
    ['SubtensorModule.LastEpochBlock', null, /storage subtensorModule.lastEpochBlock is missing/],
    [
      'SubtensorModule.SubnetEpochIndex',
      '(Identity NetUid): u32',
      /subnetEpochIndex is \(u16\) => u32, not \(u16\) => u64/,
    ],
    ['DrandPriority', 'u64', /signed extension DrandPriority carries u64/],
    ['CheckSomethingNew', 'Vec<u8>', /signed extension CheckSomethingNew carries Bytes/],
  ])('stops writes for a change of %s', async (name, change, reason) => {
    const { chain } = await connectChanged({ [name]: change })
    expect(chain.writesStopped()).toMatch(reason)
  })

  it.each([
    ['SubtensorModule.register_limit', null],
    ['SubtensorModule.PendingEpochAt', null],
    ['AdminUtils.sudo_set_kappa', 'netuid: NetUid, kappa: u32'],
    ['CheckSomethingNew', '()'],
  ])('goes on writing for a change of %s', async (name, change) => {
    const { chain, node } = await connectChanged({ [name]: change })
    expect(chain.writesStopped()).toBeUndefined()
    await chain.setWeights(alice, weights)
    expect(node.received.map(({ call }) => call)).toEqual(['subtensorModule.setWeights'])
  })

  it('fails an operation whose call is missing, and that one alone', async () => {
    const { chain, node } = await connectChanged({ 'SubtensorModule.register_limit': null })
    await expect(
      chain.registerLimit(alice, { netuid: NETUID, hotkey: bob.address, maxPrice: 1n }),
    ).rejects.toMatchObject({
      code: 'CHAIN_INCOMPATIBLE',
      message: expect.stringMatching(/registerLimit is missing/),
    })
    expect(node.received).toEqual([])
  })

  it('takes hash commits where there are no timelocked ones', async () => {
    const gone = { 'SubtensorModule.commit_timelocked_weights': null }
    const { chain } = await connect(subtensorMetadata(gone), { metagraphs })
    expect(await chain.hyperparameters(NETUID)).toMatchObject({ commitScheme: 'hash' })
  })
})
