import { StarlingError } from '../../process/errors.ts'
import { add } from './families/add.ts'
import { capitals } from './families/capitals.ts'
import { count } from './families/count.ts'
import { json } from './families/json.ts'
import { largest } from './families/largest.ts'
import { lookUp } from './families/look-up.ts'
import { multiply } from './families/multiply.ts'
import { reverse } from './families/reverse.ts'
import { roman } from './families/roman.ts'
import { sort } from './families/sort.ts'
import { subtract } from './families/subtract.ts'
import type { Family } from './task.ts'

export const FAMILIES: readonly Family[] = [
  add,
  subtract,
  multiply,
  sort,
  reverse,
  capitals,
  count,
  largest,
  roman,
  lookUp,
  json,
]

/** Throws UNKNOWN_FAMILY for a family that does not exist. */
export function familyNamed(name: string): Family {
  const family = FAMILIES.find((candidate) => candidate.name === name)
  if (family !== undefined) return family
  const known = FAMILIES.map((candidate) => candidate.name).join(', ')
  throw new StarlingError('UNKNOWN_FAMILY', `no task family ${name}`, `choose one of ${known}`)
}
