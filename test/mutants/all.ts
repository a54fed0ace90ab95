import { AUDIT_MUTANTS } from './audit-file.ts'
import { BENCH_MUTANTS } from './bench.ts'
import { DISPUTE_MUTANTS } from './dispute.ts'
import { DOOR_MUTANTS } from './doors.ts'
import { MINER_MUTANTS } from './miner.ts'
import type { Mutant } from './mutant.ts'
import { PROOF_MUTANTS } from './proof.ts'
import { REPLAY_MUTANTS } from './replay.ts'
import { SCORING_MUTANTS } from './scoring.ts'
import { SWARM_MUTANTS } from './swarm.ts'
import { VALIDATOR_MUTANTS } from './validator.ts'
import { VERIFY_MUTANTS } from './verify.ts'
import { WIRE_MUTANTS } from './wire.ts'

/** Every mutant of `npm run mutants`. */
export const MUTANTS: readonly Mutant[] = [
  ...PROOF_MUTANTS,
  ...REPLAY_MUTANTS,
  ...VERIFY_MUTANTS,
  ...VALIDATOR_MUTANTS,
  ...SCORING_MUTANTS,
  ...SWARM_MUTANTS,
  ...AUDIT_MUTANTS,
  ...DISPUTE_MUTANTS,
  ...MINER_MUTANTS,
  ...BENCH_MUTANTS,
  ...WIRE_MUTANTS,
  ...DOOR_MUTANTS,
]
