import { StarlingError } from '../../shared/process/errors.ts'

/** Something in the state folder that this version cannot read, although it is what was written. */
export function stateNewer(path: string, what: string): StarlingError {
  return new StarlingError(
    'STATE_NEWER',
    `${path} was written by another version of this software: ${what}`,
    'run that version or a newer one; scores are not computed anew behind its back',
  )
}

/** A write that the system refused. */
export function writeFailed(path: string, error: unknown): StarlingError {
  const full = error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT'].includes(String(error.code))
  const reason = error instanceof Error ? error.message : String(error)
  return new StarlingError(
    full ? 'STATE_FULL' : 'STATE_UNWRITABLE',
    `cannot write ${path}: ${reason}`,
    full ? 'make room on that disk; the validator goes on by itself' : 'see to that disk and its permissions',
    { cause: error },
  )
}
