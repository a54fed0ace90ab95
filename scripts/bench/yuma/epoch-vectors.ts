import type { EpochInput, EpochOutput, Row } from '../../../shared/consensus/yuma/epoch-types.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { type EpochVector, vectorSchema } from './vector-schema.ts'

export type RunEpoch = (input: EpochInput) => EpochOutput | Promise<EpochOutput>

/** Reads a vector from JSON. Throws `VECTOR_INVALID` and says where it is not one. */
export function parseEpochVector(json: unknown, from: string): EpochVector {
  const parsed = vectorSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const place = issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`
  throw new StarlingError(
    'VECTOR_INVALID',
    `${from} is no vector${place}: ${issue.message}`,
    'see test/vectors/yuma/README.md for its form',
  )
}

/** Runs a vector's epochs one after the other; gives back their outputs and what differs, a line each. */
export async function checkEpochVector(vector: EpochVector, runEpoch: RunEpoch) {
  const tolerance = Math.floor(vector.tolerance * 65_535)
  const outputs: EpochOutput[] = []
  const differences: string[] = []
  let block = 0
  for (const [index, { input: given, expect }] of vector.epochs.entries()) {
    const last = outputs.at(-1)
    const input: EpochInput = {
      ...given,
      lastStep: given.lastStep === 'carry' ? block : given.lastStep,
      validatorPermit:
        given.validatorPermit === 'carry' ? (last?.validatorPermit ?? []) : given.validatorPermit,
      bonds: given.bonds === 'carry' ? (last?.bonds ?? []) : given.bonds,
    }
    block = input.block
    const output = await runEpoch(input)
    outputs.push(output)
    for (const [field, expected] of Object.entries(expect)) {
      if (expected === undefined) continue
      const found = compareField(output[field as keyof EpochOutput], expected, tolerance)
      differences.push(...found.map((line) => `${vector.name}, epoch ${index}: ${field} ${line}`))
    }
  }
  return { outputs, differences }
}

type Found = readonly (boolean | number | bigint | Row)[]
type Expected = readonly (boolean | number | bigint | Row | null)[]

/** Null is not looked at. Of bonds only the cells are that the vector lists; a cell that an output lacks is zero. */
function compareField(found: Found, expected: Expected, tolerance: number): string[] {
  if (found.length !== expected.length) return [`has ${found.length} elements, not ${expected.length}`]
  return expected.flatMap((value, uid): string[] => {
    const actual = found[uid]!
    if (value === null) return []
    if (typeof value === 'object') {
      const row = new Map(actual as Row)
      return value
        .filter(([target, bond]) => Math.abs((row.get(target) ?? 0) - bond) > tolerance)
        .map(([target, bond]) => `of ${uid} with ${target} is ${row.get(target) ?? 0}, not ${bond}`)
    }
    const isClose =
      typeof value === 'boolean' ? actual === value : Math.abs(Number(actual) - Number(value)) <= tolerance
    return isClose ? [] : [`of ${uid} is ${actual}, not ${value}`]
  })
}
