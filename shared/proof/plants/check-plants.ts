import { isPlanted, type Plants } from './plants.ts'

/** One answer of a published round. */
export interface PublishedAnswer {
  /** Id of its challenge, 32 bytes. */
  readonly challenge: Uint8Array
  /** ss58 of its miner. */
  readonly hotkey: string
  /** What the validator made of it. */
  readonly result: 'accept' | 'reject' | 'inconclusive' | 'missed' | 'refused'
  /** What whoever checks made of it, by replay; undefined where it holds no models. */
  readonly own: 'accept' | 'reject' | 'inconclusive' | undefined
}

/** What a round's planted answers say about its validator. */
export interface PlantsFound {
  /** Answers at challenges that the secret chose, and that arrived. */
  readonly planted: number
  /** Of these: the validator let them pass, although they are wrong. Each is proof that it did not look. */
  readonly accepted: number
  readonly rejected: number
  /** Of these: those that are right after all, by a replay of whoever checks. They say nothing about the validator, but of the planter. */
  readonly right: number
}

/**
 * Finds the planted answers of a round. Only a replay shows that an answer is wrong; without one, the planter's word is all that
 * there is.
 */
export function checkPlants(plants: Plants, answers: readonly PublishedAnswer[]): PlantsFound {
  const arrived = answers.filter(
    ({ challenge, hotkey, result }) =>
      hotkey === plants.hotkey && result !== 'missed' && result !== 'refused' && isPlanted(plants, challenge),
  )
  const wrong = arrived.filter(({ own }) => own !== 'accept')
  const count = (result: PublishedAnswer['result']) =>
    wrong.filter((answer) => answer.result === result).length
  return {
    planted: arrived.length,
    accepted: count('accept'),
    rejected: count('reject'),
    right: arrived.length - wrong.length,
  }
}
