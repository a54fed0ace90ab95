import { blake2b } from '@noble/hashes/blake2.js'
import type {
  BlockHeader,
  ChainClient,
  Hyperparameters,
  Metagraph,
  UidWeights,
  WeightCommit,
} from '../../shared/chain/chain-client.ts'
import { storageIndex, weightsCommitHash } from '../../shared/chain/commit-reveal/hash-commit.ts'
import type { Signer } from '../../shared/chain/wallet/signer.ts'
import { maxUpscale } from '../../shared/chain/weight-rules/chain-numbers.ts'
import type { WeightFacts } from '../../shared/chain/weight-rules/facts.ts'
import { firstFailure, planReveal, planWeights } from '../../shared/chain/weight-rules/plan.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import { toHex } from '../../shared/proof/hash.ts'
import { createFakeAnchors } from './fake-anchors.ts'

/** Blocks that a transaction is valid for, as the client signs it. */
const MORTAL_BLOCKS = 64

/** How the network treats one transaction. */
export interface Fate {
  /** Blocks until it is in one; undefined for never. */
  readonly delay: number | undefined
  /** Whether its sender is told; if not, the call fails with CHAIN_OUTCOME_UNKNOWN a block later. */
  readonly answered: boolean
  /** What happens meanwhile. */
  readonly onSent?: () => void
}

/** What the chain did to weights, in order. */
export interface Deed {
  readonly kind: 'set' | 'commit' | 'reveal'
  readonly block: number
  readonly epoch: number
  readonly uids: readonly number[]
  readonly weights: readonly number[]
}

interface Transaction {
  readonly dueAt: number
  readonly diesAt: number
  readonly apply: () => void
  result?: { readonly block: number; readonly error?: unknown }
}

export interface FakeChainOptions {
  readonly signer: Signer
  /** Hotkeys by uid; the signer's is among them. */
  readonly hotkeys: readonly string[]
  readonly rules?: Partial<Hyperparameters>
  /** What a timelocked commit hides; nobody can open it before its time. */
  readonly opened?: (hash: string) => UidWeights | undefined
}

/**
 * A subnet that follows the chain's rules for weights, a block whenever the test asks for one. Whoever submits waits while
 * blocks go by. It answers for one signer.
 */
export function createFakeWeightsChain({ signer, hotkeys: initial, rules: given, opened }: FakeChainOptions) {
  const rules = {
    ...{ tempo: 100, weightsRateLimit: 10, minAllowedWeights: 1, maxWeightLimit: 65_535, versionKey: 0n },
    ...{ commitReveal: false, commitScheme: 'hash', commitRevealVersion: 4, revealPeriodEpochs: 1 },
    ...{ stakeThreshold: 0n, mechanisms: 1 },
    ...given,
  } as Hyperparameters
  const hotkeys = [...initial]
  const deeds: Deed[] = []
  /** Transactions sent, whatever became of them. */
  const attempts: string[] = []
  const pool = new Set<Transaction>()
  let [block, epochIndex, lastEpochBlock, lastUpdate] = [1, 0, 1, 0]
  let row: UidWeights = { uids: [], weights: [] }
  let commits: WeightCommit[] = []
  let fate: Fate = { delay: 1, answered: true }
  let hasPermit = true
  let writesStopped: string | undefined

  const uid = () => hotkeys.indexOf(signer.address)
  const anchors = createFakeAnchors(() => produce().number)
  const header = (): BlockHeader => ({ number: block, hash: `0x${block.toString(16).padStart(64, '0')}` })
  const facts = ({ uids, weights, versionKey }: UidWeights & { versionKey: bigint }): WeightFacts => ({
    ...{ netuid: 1, mechanism: 0, block: block - 1, uids, weights, versionKey },
    subnet: {
      ...{ neurons: hotkeys.length, ownerUid: undefined, unrevealedCommits: commits.length, rules },
      self: uid() < 0 ? undefined : { uid: uid(), stake: 1n, validatorPermit: hasPermit, lastUpdate },
    },
  })
  const deed = (kind: Deed['kind'], { uids, weights }: UidWeights, epoch = epochIndex) =>
    deeds.push({ kind, block, epoch, uids: [...uids], weights: [...weights] })
  const setRow = ({ uids, weights }: UidWeights) => {
    row = { uids: [...uids], weights: maxUpscale(weights) }
  }
  const expire = () => {
    commits = commits.filter(({ epoch }) => epoch + rules.revealPeriodEpochs >= epochIndex)
  }
  const commit = (hash: string, revealRound: number | undefined) => {
    const nothing = { uids: [], weights: [], versionKey: rules.versionKey }
    const failed = planWeights(facts(nothing)).checks.find(({ passed, at }) => at === 'call' && !passed)
    if (!rules.commitReveal) throw rejected('CommitRevealDisabled')
    if (failed !== undefined) throw rejected(failed.error)
    commits.push({ hash, block, epoch: epochIndex, revealRound })
    lastUpdate = block
    deed('commit', nothing)
  }

  /** The next block: timelocked commits open, the epoch runs, then come transactions. */
  const produce = (): BlockHeader => {
    block += 1
    if (block - lastEpochBlock >= rules.tempo) {
      for (const { hash, revealRound, epoch } of commits) {
        if (revealRound === undefined || epoch + rules.revealPeriodEpochs !== epochIndex + 1) continue
        const weights = opened?.(hash)
        commits = commits.filter((other) => other.hash !== hash)
        if (weights === undefined) continue
        setRow(weights)
        // The chain counts the epoch that is due as begun.
        deed('reveal', weights, epochIndex + 1)
      }
      ;[lastEpochBlock, epochIndex] = [block, epochIndex + 1]
      expire()
    }
    for (const transaction of pool) {
      if (block < transaction.dueAt) continue
      pool.delete(transaction)
      if (block >= transaction.diesAt) continue
      try {
        transaction.apply()
        transaction.result = { block }
      } catch (error) {
        transaction.result = { block, error }
      }
    }
    return header()
  }

  const submit = async (apply: () => void, onSent: () => void) => {
    const { delay, answered } = fate
    const dueAt = block + (delay ?? Number.POSITIVE_INFINITY)
    const transaction: Transaction = { dueAt, diesAt: block + MORTAL_BLOCKS, apply }
    pool.add(transaction)
    onSent()
    fate.onSent?.()
    if (!answered) {
      produce()
      throw new StarlingError('CHAIN_OUTCOME_UNKNOWN', 'it may still get into a block')
    }
    while (transaction.result === undefined && block < transaction.diesAt) produce()
    const { result } = transaction
    if (result === undefined) throw new StarlingError('CHAIN_REJECTED', 'it got into no block')
    if (result.error !== undefined) throw result.error
    return { txHash: '0x', block: { number: result.block, hash: '0x' } }
  }

  /** The port, with `step` called around everything that a process may die at. */
  const client = (step: (name: string) => void = () => {}) => {
    const read = async <T>(name: string, value: () => T): Promise<T> => {
      step(name)
      const result = structuredClone(value())
      step(`${name} done`)
      return result
    }
    const write = async (name: string, apply: () => void) => {
      step(name)
      attempts.push(name)
      const receipt = await submit(apply, () => step(`${name} sent`))
      step(`${name} done`)
      return receipt
    }
    const port: Partial<ChainClient> = {
      writesStopped: () => writesStopped,
      info: () => ({ specName: 'fake', specVersion: 1, genesisHash: '0x', marker: '0xfake' }),
      metagraph: () => read('metagraph', metagraph),
      hyperparameters: () => read('hyperparameters', () => rules),
      epochSchedule: () =>
        read('schedule', () => ({
          ...{ block, tempo: rules.tempo, lastEpochBlock, pendingEpochAt: 0, epochIndex },
          blocksSinceLastStep: block - lastEpochBlock,
        })),
      weights: () => read('weights', () => row),
      weightCommits: () => read('commits', () => commits),
      ...anchors,
      unsignedCall: async (kind, args) => ({ name: kind, call: `0x<${kind} of subnet ${args.netuid}>` }),
      setWeights: (_signer, args) =>
        write('set', () => {
          if (rules.commitReveal) throw rejected('CommitRevealEnabled')
          const failed = firstFailure(planWeights(facts(args)))
          if (failed !== undefined) throw rejected(failed.error)
          setRow(args)
          lastUpdate = block
          deed('set', args)
        }),
      commitWeights: (_signer, { commitHash }) => write('commit', () => commit(commitHash, undefined)),
      commitTimelockedWeights: (_signer, args) =>
        write('commit', () => commit(toHex(blake2b(args.commit, { dkLen: 32 })), args.revealRound)),
      revealWeights: (_signer, args) =>
        write('reveal', () => {
          if (!rules.commitReveal) throw rejected('CommitRevealDisabled')
          expire()
          const hotkey = signer.publicKey
          const hash = weightsCommitHash({ ...args, hotkey, storageIndex: storageIndex(1, 0) })
          const position = commits.findIndex((candidate) => candidate.hash === hash)
          if (commits.length === 0) throw rejected('NoWeightsCommitFound')
          if (position < 0) throw rejected('InvalidRevealCommitHashNotMatch')
          const isTime = commits[position]!.epoch + rules.revealPeriodEpochs === epochIndex
          if (!isTime) throw rejected('RevealTooEarly')
          const failed = planReveal(facts(args)).find(({ passed }) => !passed)
          if (failed !== undefined) throw rejected(failed.error)
          commits = commits.slice(position + 1)
          setRow(args)
          deed('reveal', args)
        }),
    }
    return port as ChainClient
  }

  const metagraph = (): Metagraph => ({
    ...{ netuid: 1, block, tempo: rules.tempo, lastEpochBlock, epochIndex },
    neurons: hotkeys.map((hotkey, index) => ({
      ...{ uid: index, hotkey, coldkey: `cold-${hotkey}`, axon: undefined, active: true, stake: 1n },
      validatorPermit: index !== uid() || hasPermit,
      ...{ lastUpdate: index === uid() ? lastUpdate : 0, registeredAt: 0, incentive: 0, dividends: 0 },
      ...{ consensus: 0, validatorTrust: 0, emission: 0n },
    })),
  })

  return {
    client,
    produce,
    header,
    /** May be changed at any time. */
    rules,
    hotkeys,
    deeds,
    attempts,
    weights: () => row,
    commits: () => commits,
    epoch: () => epochIndex,
    setFate(next: Fate) {
      fate = next
    },
    stopWrites(reason: string | undefined) {
      writesStopped = reason
    },
    setPermit(next: boolean) {
      hasPermit = next
    },
  }
}

export type FakeWeightsChain = ReturnType<typeof createFakeWeightsChain>

/** The client's error for the runtime's. */
function rejected(name: string): StarlingError {
  const code = `CHAIN_${name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()}`
  return new StarlingError(code, `the chain refused it: ${name}`)
}
