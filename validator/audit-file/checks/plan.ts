import { verifyVrf } from '../../../shared/chain/wallet/signer.ts'
import { describeError } from '../../../shared/process/errors.ts'
import { toHex } from '../../../shared/proof/hash.ts'
import { lotMessage } from '../../../shared/proof/lot.ts'
import { pastOf } from '../../round/past.ts'
import { planRound } from '../../round/plan.ts'
import type { Participant, PlannedChallenge } from '../../round/types.ts'
import { challengeRecord } from '../../transcript/round-records.ts'
import type { RoundFile } from '../read-round.ts'
import type { Fault } from '../report.ts'
import { faultOf, recordFaults } from '../same.ts'

/**
 * Plans the round again, with the lots of the file in place of the validator's key, and holds every challenge against it.
 * @param validator public key
 * @param blockHash of the round's block
 */
export function planAgain(
  file: RoundFile,
  validator: Uint8Array,
  blockHash: string,
  participants: readonly Participant[],
): { challenges: PlannedChallenge[]; faults: Fault[] } {
  const { chain, netuid, config } = file.round.record
  const given = file.challenge
  const faults: Fault[] = []
  let drawn = 0
  const vrf = (message: Uint8Array) => {
    const placed = given[drawn++]
    if (placed === undefined) throw new Error(`there are ${given.length} challenges, and more were due`)
    if (!verifyVrf(message, placed.record.lot, file.round.record.validator))
      faults.push(faultOf(placed, 'is not what the validator’s key draws for this challenge', 'lot'))
    return placed.record.lot
  }
  const place = { chainMarker: toHex(chain), netuid, validator, blockHash }
  let challenges: PlannedChallenge[]
  try {
    const past = pastOf(file.book.record.book, config.scoring)
    challenges = planRound(place, participants, vrf, config.round, past)
  } catch (error) {
    const why = error instanceof Error ? error.message : describeError(error)
    return { challenges: [], faults: [...faults, { record: 'challenge', why }] }
  }
  for (const [i, placed] of given.entries()) {
    const planned = challenges[i]
    if (planned === undefined) faults.push(faultOf(placed, `${challenges.length} challenges were due`))
    else faults.push(...recordFaults(placed, challengeRecord(planned)))
  }
  return { challenges, faults }
}

/** The control answers' lot is that of the round's block. */
export function controlFaults({ controls, round, outcome }: RoundFile, blockHash: Uint8Array): Fault[] {
  const { lot, passed } = controls.record
  const isDrawn = verifyVrf(lotMessage(blockHash), lot, round.record.validator)
  return [
    ...(isDrawn ? [] : [faultOf(controls, 'is not what the validator’s key draws for the block', 'lot')]),
    ...(passed === outcome.record.outcome.controlsPassed
      ? []
      : [faultOf(controls, 'the outcome says otherwise', 'passed')]),
  ]
}
