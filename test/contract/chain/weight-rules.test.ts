import { Keyring } from '@polkadot/api'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readRuntime } from '../../../shared/chain/devnet/runtime-artifact.ts'
import { maxUpscale } from '../../../shared/chain/weight-rules/chain-numbers.ts'
import type { WeightFacts } from '../../../shared/chain/weight-rules/facts.ts'
import { firstFailure, planWeights, type WeightPlan } from '../../../shared/chain/weight-rules/plan.ts'
import { NEGLIGIBLE, shapeWeights } from '../../../shared/chain/weight-rules/shape-weights.ts'
import type { InProcessChain, SignedCall } from './in-process-chain.ts'

// chopsticks makes its logger when it is imported.
vi.hoisted(() => {
  process.env.LOG_LEVEL = 'fatal'
})
const { bootRuntime } = await import('./in-process-chain.ts')

const TAO = 1_000_000_000n
const NETUID = 1
const NEURONS = 4

await cryptoWaitReady()
const keyring = new Keyring({ type: 'sr25519' })
type Pair = ReturnType<Keyring['addFromUri']>
const [alice, bob, charlie, dave] = ['//Alice', '//Bob', '//Charlie', '//Dave'].map((uri) =>
  keyring.addFromUri(uri),
) as [Pair, Pair, Pair, Pair]
const hotkeyOf = (uri: string) => keyring.addFromUri(`${uri}//hot`)
/** By uid: the owner, a validator, a miner with stake below any threshold, a miner; and one who is not registered. */
const hotkeys = ['//Alice', '//Bob', '//Charlie', '//Dave', '//Eve'].map(hotkeyOf)

let chain: InProcessChain
const subtensor = (name: string, ...args: unknown[]) => chain.call('subtensorModule', name, ...args)
const sudo = (name: string, ...args: unknown[]): SignedCall => [
  chain.call('sudo', 'sudo', chain.call('adminUtils', name, ...args)),
  alice,
]

async function all(...calls: SignedCall[]) {
  for (const { error } of await chain.block(...calls)) expect(error).toBeUndefined()
}

const rulesNow = new Map<string, string>()
/** Sets what is not so already: a transaction costs time. */
async function setRules(rules: Record<string, unknown[]>) {
  const changed = Object.entries(rules).filter(([name, args]) => rulesNow.get(name) !== args.join())
  for (const [name, args] of changed) rulesNow.set(name, args.join())
  if (changed.length > 0) await all(...changed.map(([name, args]) => sudo(name, ...args)))
}

beforeAll(async () => {
  chain = await bootRuntime((await readRuntime()).wasm)
  await all([subtensor('registerNetwork', hotkeys[0]!.address), alice])
  await all(
    sudo('sudoSetTempo', NETUID, 3),
    [subtensor('burnedRegister', NETUID, hotkeys[1]!.address), bob],
    [subtensor('addStake', hotkeys[1]!.address, NETUID, 1_000n * TAO), bob],
    [subtensor('burnedRegister', NETUID, hotkeys[2]!.address), charlie],
    [subtensor('burnedRegister', NETUID, hotkeys[3]!.address), dave],
    // What fails is not free of fees; who is not registered has to pay before it is refused.
    [chain.call('balances', 'transferKeepAlive', hotkeys[4]!.address, 100n * TAO), alice],
  )
  for (let block = 0; block < 4; block++) await chain.block()
  // An epoch gives permits and takes them, so that facts of the block before it are old.
  await all(sudo('sudoSetTempo', NETUID, 50_000))
}, 240_000)

afterAll(() => chain?.close())

interface View {
  lastUpdate: number[]
  validatorPermit: boolean[]
  totalStake: (number | string)[]
}

interface Case {
  commitReveal: boolean
  minAllowedWeights: number
  maxWeightLimit: number
  networkVersion: number
  weightsRateLimit: number
  stakeThreshold: bigint
  /** One for each hotkey. */
  drafts: { uids: number[]; weights: number[]; versionKey: number }[]
}

const u16 = fc.oneof(fc.constantFrom(0, 1, 32_768, 65_535), fc.integer({ min: 0, max: 65_535 }))
const uid = fc.oneof({ weight: 12, arbitrary: fc.integer({ min: 0, max: 3 }) }, fc.constantFrom(4, 900))
const rawDraft = fc
  .array(fc.tuple(uid, u16), { minLength: 1, maxLength: 5 })
  .map((pairs) => ({ uids: pairs.map(([id]) => id), weights: pairs.map(([, weight]) => weight) }))
const scores = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 4, maxLength: 4 })

const cases: fc.Arbitrary<Case> = fc
  .record({
    commitReveal: fc.boolean(),
    minAllowedWeights: fc.constantFrom(0, 1, 3, 1024),
    maxWeightLimit: fc.constantFrom(65_535, 65_534, 32_768, 32_767, 20_000),
    networkVersion: fc.constantFrom(0, 0, 5),
    weightsRateLimit: fc.constantFrom(0, 1, 2, 5),
    stakeThreshold: fc.constantFrom(0n, 0n, 500n * TAO),
    drafts: fc.array(
      fc.record({ raw: rawDraft, scores, isShaped: fc.boolean(), versionKey: fc.constantFrom(0, 5, 5, 6) }),
      { minLength: hotkeys.length, maxLength: hotkeys.length },
    ),
  })
  .map(({ drafts, ...rules }) => ({
    ...rules,
    drafts: drafts.map(({ raw, scores, isShaped, versionKey }) => {
      const shaped = shapeWeights(
        scores.map((score, uid) => ({ uid, score })),
        { neurons: NEURONS, ...rules },
      )
      const { uids, weights } = isShaped && shaped.uids.length > 0 ? shaped : raw
      return { uids: [...uids], weights: [...weights], versionKey }
    }),
  }))

const draft = (uids: number[], weights = uids.map(() => 1), versionKey = 0) => ({ uids, weights, versionKey })
const anything = draft([2])
const noRules = {
  ...{ commitReveal: false, minAllowedWeights: 1, maxWeightLimit: 65_535, networkVersion: 0 },
  ...{ weightsRateLimit: 0, stakeThreshold: 0n },
}
/** Cases by hand for errors that chance brings up seldom; drafts go by uid. */
const EXAMPLES: [Case][] = [
  [
    {
      ...{ ...noRules, minAllowedWeights: 3, networkVersion: 5 },
      drafts: [
        draft([0, 1, 2, 3, 3]),
        draft([2, 3], [1, 1], 5),
        draft([1, 2, 3], [1, 1, 1], 4),
        draft([1, 2, 0], [1, 1, 1], 5),
        anything,
      ],
    },
  ],
  [{ ...noRules, drafts: [draft([1, 1]), draft([2, 900]), draft([2]), anything, anything] }],
  [
    {
      ...{ ...noRules, maxWeightLimit: 20_000, stakeThreshold: 500n * TAO },
      drafts: [draft([1, 2]), draft([0, 1, 2, 3]), anything, anything, anything],
    },
  ],
  [{ ...noRules, weightsRateLimit: 5, drafts: hotkeys.map(() => anything) }],
  [{ ...noRules, commitReveal: true, stakeThreshold: 500n * TAO, drafts: hotkeys.map(() => anything) }],
  [{ ...noRules, commitReveal: true, weightsRateLimit: 5, drafts: hotkeys.map(() => anything) }],
]

async function factsOf(testCase: Case, hotkey: number): Promise<WeightFacts> {
  const commits = (
    await chain.read('subtensorModule', 'weightCommits', NETUID, hotkeys[hotkey]!.address)
  ).toJSON()
  const view = (await chain.api.call.subnetInfoRuntimeApi!.getMetagraph!(NETUID)).toJSON() as unknown as View
  const block = (await chain.api.rpc.chain.getHeader()).number.toNumber()
  const { drafts, networkVersion, ...rules } = testCase
  const { uids, weights, versionKey } = drafts[hotkey]!
  return {
    netuid: NETUID,
    mechanism: 0,
    block,
    uids,
    weights,
    versionKey: BigInt(versionKey),
    subnet: {
      neurons: NEURONS,
      ownerUid: 0,
      unrevealedCommits: ((commits ?? []) as unknown[]).length,
      rules: {
        ...rules,
        commitScheme: 'hash',
        commitRevealVersion: 0,
        mechanisms: 1,
        versionKey: BigInt(networkVersion),
      },
      self:
        hotkey >= NEURONS
          ? undefined
          : {
              uid: hotkey,
              stake: BigInt(view.totalStake[hotkey]!),
              validatorPermit: view.validatorPermit[hotkey]!,
              lastUpdate: view.lastUpdate[hotkey]!,
            },
    },
  }
}

/** The error that the call gives; what a commit’s weights would meet comes later. */
function errorOf({ checks }: WeightPlan): string | undefined {
  return checks.find(({ passed, at }) => !passed && at === 'call')?.error
}

describe('planWeights against the runtime', () => {
  it('counts the commits that wait, as the chain does', async () => {
    await setRules({
      sudoSetCommitRevealWeightsEnabled: [NETUID, true],
      sudoSetWeightsSetRateLimit: [NETUID, 0],
      sudoSetStakeThreshold: [0n],
    })
    const rules = { commitReveal: true, minAllowedWeights: 1, maxWeightLimit: 65_535, networkVersion: 0 }
    const drafts = hotkeys.map(() => ({ uids: [2], weights: [1], versionKey: 0 }))
    const testCase = { ...rules, weightsRateLimit: 0, stakeThreshold: 0n, drafts }
    const commit = (count: number) =>
      Array.from({ length: count }, (_, i): SignedCall => {
        return [subtensor('commitWeights', NETUID, `0x${String(i).padStart(64, '0')}`), hotkeys[0]!]
      })
    const planned = async () => planWeights(await factsOf(testCase, 0))
    const before = (await factsOf(testCase, 0)).subnet!.unrevealedCommits
    await all(...commit(9 - before))
    expect(firstFailure(await planned())).toBeUndefined()
    await all(...commit(1))
    const plan = await planned()
    expect(firstFailure(plan)?.error).toBe('TooManyUnrevealedCommits')
    expect(plan.waitBlocks).toBe('unknown')
    const [refused] = await chain.block(...commit(1))
    expect(refused!.error).toBe('TooManyUnrevealedCommits')
  }, 240_000)

  it('passes what the chain takes, and names the error of what it refuses', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(cases, async (testCase) => {
        const { commitReveal, minAllowedWeights, maxWeightLimit } = testCase
        await setRules({
          sudoSetCommitRevealWeightsEnabled: [NETUID, commitReveal],
          sudoSetMinAllowedWeights: [NETUID, minAllowedWeights],
          sudoSetMaxWeightLimit: [NETUID, maxWeightLimit],
          sudoSetWeightsVersionKey: [NETUID, testCase.networkVersion],
          sudoSetWeightsSetRateLimit: [NETUID, testCase.weightsRateLimit],
          sudoSetStakeThreshold: [testCase.stakeThreshold],
        })
        const plans = await Promise.all(
          hotkeys.map(async (_, index) => planWeights(await factsOf(testCase, index))),
        )
        const outcomes = await chain.block(
          ...testCase.drafts.map(({ uids, weights, versionKey }, index): SignedCall => {
            const commit = subtensor('commitWeights', NETUID, `0x${'ab'.repeat(32)}`)
            const set = subtensor('setWeights', NETUID, uids, weights, versionKey)
            return [commitReveal ? commit : set, hotkeys[index]!]
          }),
        )
        for (const [index, plan] of plans.entries()) {
          const error = errorOf(plan)
          expect(outcomes[index]!.error, JSON.stringify(plan.checks)).toBe(error)
          const name = `${commitReveal ? 'commit' : 'set'} ${error ?? 'accepted'}`
          seen.add(name)
          if (plan.waitBlocks === 0) expect(firstFailure(plan)).toBeUndefined()
          if (error !== undefined || commitReveal) continue
          const { uids, weights } = testCase.drafts[index]!
          const row = (await chain.read('subtensorModule', 'weights', NETUID, index)).toJSON()
          const upscaled = maxUpscale(weights)
          expect(row).toEqual(uids.map((id, i) => [id, upscaled[i]]))
        }
      }),
      { numRuns: 12, examples: EXAMPLES, seed: 20_261_121, endOnFailure: true },
    )
    // The property says nothing about an error that never came up.
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'set accepted',
        'set UidsLengthExceedUidsInSubNet',
        'set HotKeyNotRegisteredInSubNet',
        'set NotEnoughStakeToSetWeights',
        'set IncorrectWeightVersionKey',
        'set SettingWeightsTooFast',
        'set NeuronNoValidatorPermit',
        'set DuplicateUids',
        'set UidVecContainInvalidOne',
        'set WeightVecLengthIsLow',
        'set MaxWeightExceeded',
        'commit accepted',
        'commit NotEnoughStakeToSetWeights',
        'commit HotKeyNotRegisteredInSubNet',
        'commit CommittingWeightsTooFast',
        'commit TooManyUnrevealedCommits',
      ]),
    )
  }, 240_000)

  it('never shapes weights that the chain refuses for their shape', async () => {
    const view = fc.record({
      neurons: fc.integer({ min: 1, max: 300 }),
      minAllowedWeights: fc.integer({ min: 0, max: 1_100 }),
      maxWeightLimit: fc.integer({ min: 1, max: 65_535 }),
      values: fc.array(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(0)), {
        minLength: 1,
        maxLength: 300,
      }),
    })
    fc.assert(
      fc.property(view, ({ neurons, minAllowedWeights, maxWeightLimit, values }) => {
        const scores = values.slice(0, neurons).map((score, uid) => ({ uid, score }))
        const { uids, weights } = shapeWeights(scores, { neurons, minAllowedWeights, maxWeightLimit })
        const best = Math.max(...scores.map(({ score }) => score))
        const scored = scores.filter(({ score }) => score > best * NEGLIGIBLE).length
        const isPossible = scored * maxWeightLimit >= 65_535
        const plan = planWeights({
          ...{ netuid: 1, mechanism: 0, block: 9, uids, weights, versionKey: 0n },
          subnet: {
            neurons,
            ownerUid: undefined,
            unrevealedCommits: 0,
            self: { uid: neurons - 1, stake: 0n, validatorPermit: true, lastUpdate: 0 },
            rules: {
              ...{ commitReveal: false, commitScheme: 'hash', commitRevealVersion: 0, mechanisms: 1 },
              ...{
                maxWeightLimit,
                minAllowedWeights,
                stakeThreshold: 0n,
                versionKey: 0n,
                weightsRateLimit: 0,
              },
            },
          },
        })
        if (scored === 0) expect(plan.publication).toBeUndefined()
        else if (isPossible) expect(firstFailure(plan)).toBeUndefined()
        else expect([undefined, 'MaxWeightExceeded']).toContain(firstFailure(plan)?.error)
      }),
      { numRuns: 240 },
    )
  })
})
