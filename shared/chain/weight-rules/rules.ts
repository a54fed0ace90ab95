import { isMaxLimited, maxUpscale } from './chain-numbers.ts'
import type { SelfFacts, SubnetFacts, WeightFacts } from './facts.ts'

/** What a rule found. */
export interface Finding {
  passed: boolean
  /** The numbers that decided, in one line. */
  detail: string
  /** Blocks after which the rule will pass by itself; undefined where nobody knows. */
  waitBlocks?: number
}

/** One of the chain's checks. */
export interface Rule {
  /** What it asks, in a few words. */
  name: string
  /** The chain's name for its refusal. */
  error: string
  check(facts: WeightFacts): Finding
}

/** Version of timelocked commits that `timelockedCommit` makes. */
export const TIMELOCK_VERSION = 4

/** Unrevealed commits that the chain keeps of one hotkey. */
const MAX_COMMITS = 10

const ROOT = 0

const notRoot: Rule = {
  name: 'not the root subnet',
  error: 'CanNotSetRootNetworkWeights',
  check: ({ netuid }) => ({ passed: netuid !== ROOT, detail: `netuid ${netuid}` }),
}

const sameLengths: Rule = {
  name: 'a weight for each uid',
  error: 'WeightVecNotEqualSize',
  check: ({ uids, weights }) => ({
    passed: uids.length === weights.length,
    detail: `${uids.length} uids, ${weights.length} weights`,
  }),
}

const mechanismExists: Rule = {
  name: 'subnet and mechanism exist',
  error: 'MechanismDoesNotExist',
  check: ({ netuid, mechanism, subnet }) =>
    subnet === undefined
      ? { passed: false, detail: `the chain has no subnet ${netuid}` }
      : {
          passed: mechanism < subnet.rules.mechanisms,
          detail: `mechanism ${mechanism} of ${subnet.rules.mechanisms}`,
        },
}

const notMoreThanNeurons = onSubnet({
  name: 'not more uids than neurons',
  error: 'UidsLengthExceedUidsInSubNet',
  check: ({ uids }, { neurons }) => ({
    passed: uids.length <= neurons,
    detail: `${uids.length} of ${neurons} uids`,
  }),
})

const registered = onSubnet({
  name: 'hotkey is registered',
  error: 'HotKeyNotRegisteredInSubNet',
  check: (_facts, { self }) => ({
    passed: self !== undefined,
    detail: self === undefined ? 'no uid' : `uid ${self.uid}`,
  }),
})

export const enoughStake = onSubnet({
  name: 'enough stake',
  error: 'NotEnoughStakeToSetWeights',
  check: (_facts, { self, ownerUid, rules }) => {
    const stake = self?.stake ?? 0n
    const isOwner = isOwnUid(self, ownerUid)
    const detail = isOwner
      ? 'the owner’s hotkey needs none'
      : `${stake} rao, the threshold is ${rules.stakeThreshold}`
    return { passed: isOwner || stake >= rules.stakeThreshold, detail }
  },
})

const versionKey = onSubnet({
  name: 'version key',
  error: 'IncorrectWeightVersionKey',
  check: ({ versionKey: given }, { rules }) => ({
    passed: rules.versionKey === 0n || given >= rules.versionKey,
    detail: `${given}, the subnet asks for ${rules.versionKey === 0n ? 'none' : rules.versionKey}`,
  }),
})

const permit = onSubnet({
  name: 'validator permit',
  error: 'NeuronNoValidatorPermit',
  check: (facts, { self, ownerUid }) => {
    if (isOwnUid(self, ownerUid)) return { passed: true, detail: 'the owner’s hotkey needs none' }
    if (isSelfWeight(facts, self)) return { passed: true, detail: 'a weight on oneself alone needs none' }
    const passed = self?.validatorPermit ?? false
    return { passed, detail: passed ? 'held' : 'not held; epochs give permits to the greatest stakes' }
  },
})

const noDuplicates: Rule = {
  name: 'each uid once',
  error: 'DuplicateUids',
  check({ uids }) {
    const repeated = uids.filter((uid, index) => uids.indexOf(uid) !== index)
    const passed = repeated.length === 0
    return { passed, detail: passed ? 'no uid is there twice' : `twice: ${repeated.join(', ')}` }
  },
}

const uidsInRange = onSubnet({
  name: 'every uid is on the subnet',
  error: 'UidVecContainInvalidOne',
  check({ uids }, { neurons }) {
    const unknown = uids.filter((uid) => uid >= neurons)
    const passed = unknown.length === 0
    return { passed, detail: passed ? `all below ${neurons}` : `not below ${neurons}: ${unknown.join(', ')}` }
  },
})

const enoughWeights = onSubnet({
  name: 'minimum count',
  error: 'WeightVecLengthIsLow',
  check(facts, { neurons, self, rules }) {
    const least = Math.min(rules.minAllowedWeights, neurons)
    return {
      passed: isSelfWeight(facts, self) || facts.weights.length >= least,
      detail: `${facts.weights.length} weights, at least ${least}`,
    }
  },
})

const maxWeight = onSubnet({
  name: 'maximum weight',
  error: 'MaxWeightExceeded',
  check(facts, { self, rules: { maxWeightLimit: limit } }) {
    const passed =
      isSelfWeight(facts, self) || limit === 65_535 || isMaxLimited(maxUpscale(facts.weights), limit)
    const sum = facts.weights.reduce((total, weight) => total + weight, 0)
    const share = sum === 0 ? 0 : Math.max(...facts.weights) / sum
    const asked = limit === 65_535 ? 'no limit' : `the limit is ${percent(limit / 65_535)}`
    return { passed, detail: `the greatest is ${percent(share)} of all, ${asked}` }
  },
})

const plainTaken = onSubnet({
  name: 'plain weights are taken',
  error: 'CommitRevealEnabled',
  check: (_facts, { rules }) => ({
    passed: !rules.commitReveal,
    detail: `commit-reveal is ${rules.commitReveal ? 'on' : 'off'}`,
  }),
})

const commitsTaken = onSubnet({
  name: 'commits are taken',
  error: 'CommitRevealDisabled',
  check: (_facts, { rules }) => ({
    passed: rules.commitReveal,
    detail: `commit-reveal is ${rules.commitReveal ? 'on' : 'off'}`,
  }),
})

const commitVersion = onSubnet({
  name: 'commit-reveal version',
  error: 'IncorrectCommitRevealVersion',
  check: (_facts, { rules }) => ({
    passed: rules.commitRevealVersion === TIMELOCK_VERSION,
    detail: `the chain takes ${rules.commitRevealVersion}, this software makes ${TIMELOCK_VERSION}`,
  }),
})

const fewCommits = onSubnet({
  name: 'commits not revealed yet',
  error: 'TooManyUnrevealedCommits',
  check: (_facts, { unrevealedCommits }) => ({
    passed: unrevealedCommits < MAX_COMMITS,
    detail: `${unrevealedCommits} of at most ${MAX_COMMITS}`,
  }),
})

/** The checks of `set_weights` after its rate limit; a reveal makes them, too. */
const SHAPE = [permit, noDuplicates, uidsInRange, enoughWeights, maxWeight]

/** `set_weights`: the dispatch extension, the call, then `internal_set_weights` of subnets/weights.rs. */
export const SET_RULES: readonly Rule[] = [
  enoughStake,
  plainTaken,
  notRoot,
  sameLengths,
  mechanismExists,
  notMoreThanNeurons,
  registered,
  versionKey,
  rateLimit('SettingWeightsTooFast'),
  ...SHAPE,
]

/** `commit_weights`: `internal_commit_weights`. */
export const HASH_COMMIT_RULES: readonly Rule[] = [
  enoughStake,
  mechanismExists,
  commitsTaken,
  registered,
  rateLimit('CommittingWeightsTooFast'),
  fewCommits,
]

/** `commit_timelocked_weights`: `internal_commit_timelocked_weights`. */
export const TIMELOCKED_RULES: readonly Rule[] = [
  enoughStake,
  mechanismExists,
  commitsTaken,
  commitVersion,
  registered,
  rateLimit('CommittingWeightsTooFast'),
  fewCommits,
]

/** What committed weights meet when they are opened: `internal_set_weights` with commit-reveal on. */
export const REVEAL_RULES: readonly Rule[] = [notRoot, sameLengths, notMoreThanNeurons, versionKey, ...SHAPE]

function rateLimit(error: string): Rule {
  return onSubnet({
    name: 'rate limit',
    error,
    check({ block }, { self, rules }) {
      const last = self?.lastUpdate ?? 0
      if (last === 0) return { passed: true, detail: 'no weights before' }
      const first = last + rules.weightsRateLimit
      const waitBlocks = Math.max(0, first - (block + 1))
      const detail = `last at block ${last}, again from ${first} on, next is ${block + 1}`
      return { passed: waitBlocks === 0, detail, waitBlocks }
    },
  })
}

/** A rule about a subnet; where there is none, that alone is what fails. */
function onSubnet(rule: {
  name: string
  error: string
  check(facts: WeightFacts, subnet: SubnetFacts): Finding
}): Rule {
  const unasked = { passed: true, detail: 'not asked without a subnet' }
  return {
    ...rule,
    check: (facts) => (facts.subnet === undefined ? unasked : rule.check(facts, facts.subnet)),
  }
}

function isOwnUid(self: SelfFacts | undefined, uid: number | undefined): boolean {
  return self !== undefined && self.uid === uid
}

/** The chain lets everybody put all weight on itself. */
function isSelfWeight({ uids, weights }: WeightFacts, self: SelfFacts | undefined): boolean {
  return weights.length === 1 && uids[0] === self?.uid
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`
}
