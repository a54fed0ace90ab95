import { publicKeyOf, verifyVrf } from '../../../shared/chain/wallet/signer.ts'
import { offlineSession } from '../../round/offline-session.ts'
import { drawMessage, drawParticipants } from '../../round/participants.ts'
import type { Participant } from '../../round/types.ts'
import type { ScoringConfig } from '../../scoring/config.ts'
import { scoreMiners } from '../../scoring/score-miners.ts'
import type { ScoreContext } from '../../scoring/score-parts.ts'
import { participantRecords } from '../../transcript/round-records.ts'
import type { Placed, RoundFile } from '../read-round.ts'
import type { Fault } from '../report.ts'
import { faultOf, recordFaults } from '../same.ts'

/** The miners of a file that could be asked, which nobody is connected to, and what is wrong with them. */
export function readCandidates(file: RoundFile): { candidates: Participant[]; faults: Fault[] } {
  const faults = neuronFaults(file)
  const candidates: Participant[] = []
  const seen = new Set<string>()
  for (const placed of file.participant) {
    const { hotkey, uid, coldkey } = placed.record
    const publicKey = publicKeyOf(hotkey)
    const model = modelOf(file, placed)
    if (publicKey === undefined) faults.push(faultOf(placed, 'is no hotkey', 'hotkey'))
    else if (seen.has(hotkey)) faults.push(faultOf(placed, 'takes part twice', 'hotkey'))
    else if (model === undefined) faults.push(faultOf(placed, 'the file has no such model', 'model'))
    else candidates.push({ uid, hotkey, coldkey, publicKey, model, session: offlineSession(hotkey) })
    seen.add(hotkey)
    faults.push(...registrationFaults(file, placed))
  }
  return { candidates, faults }
}

/**
 * Draws again who takes part, by the scores of the book before the round, and holds every participant against it.
 * @param blockHash of the round's block, 32 bytes
 */
export function drawAgain(
  file: RoundFile,
  blockHash: Uint8Array,
  candidates: readonly Participant[],
): { participants: Participant[]; faults: Fault[] } {
  const { draw, round, book, participant } = file
  const { lot } = draw.record
  const { config, validator } = round.record
  const scores = scoreMiners(book.record.book, scoreContextOf(file, config.scoring))
  const scoreOf = (hotkey: string) => scores[hotkey]?.score ?? 0
  const participants = drawParticipants(candidates, scoreOf, lot.output, config.round)
  const isDrawn = verifyVrf(drawMessage(blockHash), lot, validator)
  const follows = participantRecords({ candidates, participants })
  return {
    participants,
    faults: [
      ...(isDrawn ? [] : [faultOf(draw, 'is not what the validator’s key draws for the block', 'lot')]),
      ...participant.flatMap((placed, i) => recordFaults(placed, follows[i]!)),
    ],
  }
}

/** What scoring must know of the subnet, as a file has it. */
export function scoreContextOf({ neurons, model }: RoundFile, config: ScoringConfig): ScoreContext {
  return {
    coldkeyOf: Object.fromEntries(neurons.record.neurons.map(({ hotkey, coldkey }) => [hotkey, coldkey])),
    registry: [...new Set(model.map(({ record }) => record.hash))],
    config,
  }
}

/** Nobody is registered twice. */
function neuronFaults({ neurons }: RoundFile): Fault[] {
  const all = neurons.record.neurons
  return (['uid', 'hotkey'] as const).flatMap((key) => {
    const values = all.map((neuron) => neuron[key])
    const at = values.findIndex((value, i) => values.indexOf(value) !== i)
    return at === -1 ? [] : [faultOf(neurons, `${values[at]} is there twice`, `neurons.${at}.${key}`)]
  })
}

function modelOf({ model: models }: RoundFile, { record }: Placed<'participant'>) {
  return models.find(
    ({ record: { hash, executionClass } }) =>
      hash === record.model && executionClass === record.executionClass,
  )?.record
}

/** A participant stands among the registered neurons, as itself. */
function registrationFaults({ neurons }: RoundFile, placed: Placed<'participant'>): Fault[] {
  const { hotkey, uid, coldkey } = placed.record
  const neuron = neurons.record.neurons.find((other) => other.hotkey === hotkey)
  if (neuron === undefined) return [faultOf(placed, 'is not registered', 'hotkey')]
  return [
    ...(neuron.uid === uid ? [] : [faultOf(placed, `is registered with uid ${neuron.uid}`, 'uid')]),
    ...(neuron.coldkey === coldkey ? [] : [faultOf(placed, `belongs to ${neuron.coldkey}`, 'coldkey')]),
  ]
}
