import { StarlingError } from '../../process/errors.ts'
import type { EpochInput, Row } from './epoch-types.ts'

const U16 = 65_535
const I16 = 32_768
const U64 = 2n ** 64n - 1n
/** What Subtensor's I64F64 holds of stake in all. */
const MAX_TOTAL_STAKE = 2n ** 63n - 1n
/** What I32F32 holds of a row in all. */
const MAX_ROW = 2 ** 31 - 1

/** Throws `EPOCH_INPUT_INVALID`, naming the field, where an input is outside of what the chain's types can hold. */
export function checkEpochInput(input: EpochInput): void {
  const n = input.stake.length
  if (n > U16) invalid(`stake has ${n} elements`, 'give at most 65535')
  for (const name of ['block', 'lastStep', 'activityCutoff', 'bondsMovingAverage'] as const) {
    checkNumber(name, input[name], 0, Number.MAX_SAFE_INTEGER)
  }
  for (const name of ['tempo', 'kappa', 'bondsPenalty', 'maxValidators'] as const) {
    checkNumber(name, input[name], 0, U16)
  }
  if (input.ownerUid !== undefined) checkNumber('ownerUid', input.ownerUid, 0, U16)
  if (input.liquidAlpha !== undefined) {
    checkNumber('alphaLow', input.liquidAlpha.alphaLow, 0, U16)
    checkNumber('alphaHigh', input.liquidAlpha.alphaHigh, 0, U16)
    checkNumber('alphaSigmoidSteepness', input.liquidAlpha.alphaSigmoidSteepness, -I16, I16 - 1)
  }
  for (const name of ['lastUpdate', 'blockAtRegistration', 'firstCommitBlock'] as const) {
    input[name].forEach((block, uid) => {
      if (block !== undefined) checkNumber(`${name} of uid ${uid}`, block, 0, Number.MAX_SAFE_INTEGER)
    })
  }
  for (const name of ['stakeThreshold', 'emission'] as const) checkAmount(name, input[name])
  input.stake.forEach((amount, uid) => {
    checkAmount(`stake of uid ${uid}`, amount)
  })
  if (input.stake.reduce((sum, amount) => sum + amount, 0n) > MAX_TOTAL_STAKE) {
    invalid('stake adds up to more than 2^63 − 1 rao', 'give amounts in rao, one a neuron')
  }
  input.weights.forEach((row, uid) => {
    checkRow('weights', row, uid)
  })
  input.bonds.forEach((row, uid) => {
    checkRow('bonds', row, uid)
  })
}

/** True where a row names a uid of the subnet twice, which the chain's calls refuse. */
export function repeatsUid(rows: readonly Row[], size: number): boolean {
  const lastRow = new Int32Array(size).fill(-1)
  return rows.some((row, uid) =>
    row.some(([target]) => {
      const isRepeated = lastRow[target] === uid
      lastRow[target] = uid
      return isRepeated
    }),
  )
}

function checkRow(name: string, row: Row, uid: number): void {
  let total = 0
  for (const [target, value] of row) {
    if (!isU16(target) || !isU16(value)) {
      invalid(`${name} of uid ${uid} hold (${target}, ${value})`, 'give whole numbers from 0 to 65535')
    }
    total += value
  }
  if (total > MAX_ROW) invalid(`${name} of uid ${uid} add up to more than 2^31 − 1`, 'give fewer cells')
}

function isU16(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= U16
}

function checkNumber(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  invalid(`${name} is ${value}`, `give a whole number from ${least} to ${most}`)
}

function checkAmount(name: string, amount: bigint): void {
  if (amount < 0n || amount > U64) invalid(`${name} is ${amount} rao`, 'give what a u64 holds')
}

function invalid(what: string, remedy: string): never {
  throw new StarlingError('EPOCH_INPUT_INVALID', what, remedy)
}
