import type { EpochInput, EpochOutput } from '../epoch-types.ts'
import { add, fromProportion, type I32F32, shareOf, sum, toProportion } from '../fixed-point.ts'
import { growBonds2, growBonds3 } from './bonds.ts'
import {
  clipColumns,
  fromRows,
  interpolate,
  type Matrix,
  normalizeRows,
  retain,
  rowSums,
  vectorTimesMatrix,
} from './matrix.ts'
import { weightedMedianColumns } from './median.ts'
import { isTopNonzero, mask, normalize, normalizeAmounts, normalizeBy } from './vector.ts'

/**
 * Subtensor's epoch, step by step in integers of any size (`epoch_mechanism`, spec 425). Slow and plain: what the fast
 * one is held against, and what it falls back on.
 */
export function runReferenceEpoch(input: EpochInput): EpochOutput {
  const n = input.stake.length
  const inactive = input.lastUpdate.map((block) => block + input.activityCutoff < input.block)
  const stake = normalizeAmounts(countedStake(input))

  // This epoch counts the permits of the last one; the new ones hold until the next.
  const forbidden = withOwner(input.validatorPermit, input.ownerUid).map((permit) => !permit)
  const validatorPermit = withOwner(isTopNonzero(stake, input.maxValidators), input.ownerUid)
  const activeStake = normalize(mask(mask(stake, inactive), forbidden))

  const weights = normalizeRows(validWeights(input, forbidden))
  const consensus = weightedMedianColumns(activeStake, weights, n, fromProportion(input.kappa))
  const clipped = clipColumns(weights, consensus)
  const incentive = normalize(vectorTimesMatrix(activeStake, clipped, n))

  const bondsPenalty = fromProportion(input.bondsPenalty)
  const weightsForBonds = interpolate(weights, clipped, n, bondsPenalty)
  const grow = input.yuma3 ? growBonds3 : growBonds2
  const { bonds, dividends } = grow(input, { weights: weightsForBonds, activeStake, consensus, incentive })

  const shares = emissionShares(incentive, dividends, activeStake, stake)
  const rao = (share: I32F32) => shareOf(input.emission, share)
  return {
    active: Array.from({ length: n }, (_, uid) => inactive[uid] === false),
    stakeWeight: stake.map(toProportion),
    consensus: consensus.map(toProportion),
    incentive: incentive.map(toProportion),
    dividends: dividends.map(toProportion),
    validatorTrust: rowSums(clipped).map(toProportion),
    validatorPermit,
    bonds: bonds.map((row, uid) =>
      validatorPermit[uid] ? row.map(([j, value]) => [j, toProportion(value)] as const) : [],
    ),
    serverEmission: shares.server.map(rao),
    validatorEmission: shares.validator.map(rao),
    emission: shares.combined.map(rao),
  }
}

/** Stake of those who reach the threshold; the owner always does. */
export function countedStake({ stake, stakeThreshold, ownerUid }: EpochInput): bigint[] {
  return stake.map((amount, uid) => (uid === ownerUid || amount >= stakeThreshold ? amount : 0n))
}

export function withOwner(permits: readonly boolean[], ownerUid: number | undefined): boolean[] {
  return permits.map((permit, uid) => permit || uid === ownerUid)
}

/**
 * Weights of validators with a permit, without those on themselves, and without those meant for a neuron that has left:
 * set, or committed while commit-reveal is on, before the one which has the uid now came.
 */
function validWeights(input: EpochInput, forbidden: readonly boolean[]): Matrix {
  const { ownerUid, lastUpdate, blockAtRegistration, firstCommitBlock } = input
  return retain(fromRows(input.weights, input.stake.length), (i, j) => {
    const registered = blockAtRegistration[j] ?? 0
    const isCommitOlder = (firstCommitBlock[i] ?? Number.POSITIVE_INFINITY) < registered
    const mayWeigh = !(forbidden[i] ?? true) && (i !== j || i === ownerUid)
    return mayWeigh && (lastUpdate[i] ?? 0) > registered && !isCommitOlder
  })
}

/** Shares of emission by incentive and dividends together; by stake where there is neither. */
function emissionShares(
  incentive: readonly I32F32[],
  dividends: readonly I32F32[],
  activeStake: readonly I32F32[],
  stake: readonly I32F32[],
) {
  const combined = incentive.map((value, uid) => add(value, dividends[uid]!))
  const total = sum(combined)
  if (total === 0n) {
    const byStake = sum(activeStake) === 0n ? stake : activeStake
    return { server: incentive, validator: byStake, combined: byStake }
  }
  return {
    server: normalizeBy(incentive, total),
    validator: normalizeBy(dividends, total),
    combined: normalizeBy(combined, total),
  }
}
