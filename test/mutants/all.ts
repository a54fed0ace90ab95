import { AUDIT_MUTANTS } from './audit-file.ts'
import { DISPUTE_MUTANTS } from './dispute.ts'
import type { Mutant } from './mutant.ts'
import { PROOF_MUTANTS } from './proof.ts'
import { REPLAY_MUTANTS } from './replay.ts'
import { VALIDATOR_MUTANTS } from './validator.ts'

/** Every mutant of `npm run mutants`. */
export const MUTANTS: readonly Mutant[] = [
  ...PROOF_MUTANTS,
  ...REPLAY_MUTANTS,
  ...VALIDATOR_MUTANTS,
  ...AUDIT_MUTANTS,
  ...DISPUTE_MUTANTS,
]
