import { describeError } from '../../shared/process/errors.ts'
import type { Log } from '../../shared/process/logging.ts'
import type { AnswerHasher } from '../../shared/similarity/hash-answer.ts'
import type { AuditedAnswer, AuditedChallenge } from './types.ts'

/**
 * Adds its SimHash to every accepted answer that has a text. Where the engine fails, all answers stay without, so that a round in
 * which some have one and others not was made up; each is then a group of its own, and judging goes on.
 * @param hasher of the reference model; undefined where this validator holds none
 */
export async function hashAnswers<C extends AuditedChallenge, M>(
  audited: readonly AuditedAnswer<C, M>[],
  hasher: AnswerHasher | undefined,
  log: Pick<Log, 'warn'>,
): Promise<AuditedAnswer<C, M>[]> {
  if (hasher === undefined) return [...audited]
  // Most answers to a challenge have one of few results: each is read once.
  const hashes = new Map<string, Promise<Uint8Array | undefined>>()
  let failure: unknown
  const hashed = await Promise.all(
    audited.map(async (answer) => {
      if (answer.result !== 'accept') return answer
      const { challenge, text } = answer
      const key = `${challenge.index}\n${hasher.partOf(text)}`
      const known = hashes.get(key) ?? hasher.hash(challenge.prompt, text)
      hashes.set(key, known)
      const simhash = await known.catch((error: unknown) => {
        failure = error
        return undefined
      })
      return simhash === undefined ? answer : { ...answer, simhash }
    }),
  )
  if (failure === undefined) return hashed
  log.warn({ error: describeError(failure) }, 'answers could not be hashed')
  return [...audited]
}
