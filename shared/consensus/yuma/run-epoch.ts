import { checkEpochInput, repeatsUid } from './check-input.ts'
import type { EpochInput, EpochOutput } from './epoch-types.ts'
import { growBonds2, growBonds3 } from './fast/bonds.ts'
import { weightedMedianColumns } from './fast/median.ts'
import { fromProportion, multiply, normalize, normalizeBy, sum, toProportion } from './fast/number.ts'
import { rowSums, type Sparse, vectorTimesMatrix } from './fast/sparse.ts'
import { clipColumns, penalize, validWeights } from './fast/weights.ts'
import { shareOf } from './fixed-point.ts'
import { countedStake, runReferenceEpoch, withOwner } from './reference/run-epoch.ts'
import { isTopNonzero, mask, normalizeAmounts } from './reference/vector.ts'

/** Limits within which doubles hold every intermediate value exactly. */
const MAX_NEURONS = 2 ** 15
const MAX_MOVING_AVERAGE = 1_000_000
const MAX_EMISSION = 2n ** 52n

/**
 * Runs one epoch of Yuma, version 2 or 3, as Subtensor does (`epoch_mechanism`, spec 425), equal to the last bit. Pure.
 * Doubles carry the fixed-point numbers; an input that they could not hold exactly takes the slow way through integers.
 *
 * Lists other than `stake` may be too short: who is missing has no permit, is not active and has set no weights. Throws
 * `EPOCH_INPUT_INVALID` for what no chain could hold.
 */
export function runEpoch(input: EpochInput): EpochOutput {
  checkEpochInput(input)
  const n = input.stake.length
  if (!fitsDoubles(input)) return runReferenceEpoch(input)
  const inactive = input.lastUpdate.map((block) => block + input.activityCutoff < input.block)
  const exactStake = normalizeAmounts(countedStake(input))
  const forbidden = withOwner(input.validatorPermit, input.ownerUid).map((permit) => !permit)
  const validatorPermit = withOwner(isTopNonzero(exactStake, input.maxValidators), input.ownerUid)
  const stake = Float64Array.from(exactStake, Number)
  const activeStake = normalize(Float64Array.from(mask(mask(exactStake, inactive), forbidden), Number))

  const weights = validWeights(input, forbidden)
  const consensus = weightedMedianColumns(activeStake, weights, n, fromProportion(input.kappa))
  const clipped = clipColumns(weights, consensus)
  const incentive = normalize(vectorTimesMatrix(activeStake, clipped, n))

  const weightsForBonds = penalize(weights, clipped, consensus, fromProportion(input.bondsPenalty))
  const grow = input.yuma3 ? growBonds3 : growBonds2
  const { bonds, dividends } = grow(input, { weights: weightsForBonds, activeStake, consensus, incentive })

  const shares = emissionShares(incentive, dividends, activeStake, stake)
  return {
    active: Array.from({ length: n }, (_, uid) => inactive[uid] === false),
    stakeWeight: Array.from(stake, toProportion),
    consensus: Array.from(consensus, toProportion),
    incentive: Array.from(incentive, toProportion),
    dividends: Array.from(dividends, toProportion),
    validatorTrust: Array.from(rowSums(clipped), toProportion),
    validatorPermit,
    bonds: validatorPermit.map((permit, uid) => (permit ? bondRow(bonds, uid) : [])),
    serverEmission: toRao(shares.server, input.emission),
    validatorEmission: toRao(shares.validator, input.emission),
    emission: toRao(shares.combined, input.emission),
  }
}

function fitsDoubles({ stake, bondsMovingAverage, weights, bonds }: EpochInput): boolean {
  const isSmall = stake.length <= MAX_NEURONS && bondsMovingAverage <= MAX_MOVING_AVERAGE
  return isSmall && !repeatsUid(weights, stake.length) && !repeatsUid(bonds, stake.length)
}

/** Shares of emission by incentive and dividends together; by stake where there is neither. */
function emissionShares(
  incentive: Float64Array,
  dividends: Float64Array,
  activeStake: Float64Array,
  stake: Float64Array,
) {
  const combined = incentive.map((value, uid) => value + dividends[uid]!)
  const total = sum(combined)
  const byStake = sum(activeStake) === 0 ? stake : activeStake
  return {
    server: normalizeBy(incentive, total),
    validator: total === 0 ? byStake : normalizeBy(dividends, total),
    combined: total === 0 ? byStake : normalizeBy(combined, total),
  }
}

function bondRow({ starts, columns, values }: Sparse, row: number): (readonly [number, number])[] {
  const cells = new Array<readonly [number, number]>(starts[row + 1]! - starts[row]!)
  for (let cell = starts[row]!, k = 0; k < cells.length; cell++, k++) {
    cells[k] = [columns[cell]!, toProportion(values[cell]!)]
  }
  return cells
}

function toRao(shares: Float64Array, emission: bigint): bigint[] {
  if (emission >= MAX_EMISSION) return Array.from(shares, (share) => shareOf(emission, BigInt(share)))
  const amount = Number(emission)
  return Array.from(shares, (share) => BigInt(multiply(share, amount)))
}
