import { publicKeyOf } from '../../../shared/chain/wallet/signer.ts'
import { offlineSession } from '../../round/offline-session.ts'
import type { Participant } from '../../round/types.ts'
import type { Placed, RoundFile } from '../read-round.ts'
import type { Fault } from '../report.ts'
import { faultOf } from '../same.ts'

/** The miners of a file, which nobody is connected to, and what is wrong with them. */
export function readParticipants(file: RoundFile): { participants: Participant[]; faults: Fault[] } {
  const faults = neuronFaults(file)
  const participants: Participant[] = []
  const seen = new Set<string>()
  for (const placed of file.participant) {
    const { hotkey, uid, coldkey } = placed.record
    const publicKey = publicKeyOf(hotkey)
    const model = modelOf(file, placed)
    if (publicKey === undefined) faults.push(faultOf(placed, 'is no hotkey', 'hotkey'))
    else if (seen.has(hotkey)) faults.push(faultOf(placed, 'takes part twice', 'hotkey'))
    else if (model === undefined) faults.push(faultOf(placed, 'the file has no such model', 'model'))
    else participants.push({ uid, hotkey, coldkey, publicKey, model, session: offlineSession(hotkey) })
    seen.add(hotkey)
    faults.push(...registrationFaults(file, placed))
  }
  return { participants, faults }
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
