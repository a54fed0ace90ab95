import type { ModelInfo } from '../engine.ts'
import type { Delta } from './replies.ts'

/** What a server has told of an answer, from one reply or from all events of a stream. */
export interface Heard {
  readonly text: string
  readonly ids: readonly number[]
  readonly logProbs: readonly (number | null)[]
  readonly finish: 'stop' | 'length'
  readonly usage: Delta['usage']
}

/** Puts the events of a stream together; undefined where none says how the answer ended. */
export function hear(deltas: readonly Delta[]): Heard | undefined {
  const finish = deltas.findLast((delta) => delta.finish !== undefined)?.finish
  if (finish === undefined) return undefined
  return {
    text: deltas.map(({ text }) => text).join(''),
    ids: deltas.flatMap(({ ids }) => ids),
    logProbs: deltas.flatMap(({ logProbs }) => logProbs),
    finish,
    usage: deltas.findLast((delta) => delta.usage !== undefined)?.usage,
  }
}

/**
 * The answer's tokens, with the end token where the model ended it; none where the server told fewer than it counted:
 * wrong tokens would be held against whoever signs them.
 */
export function answerTokens(model: Pick<ModelInfo, 'eosToken' | 'stopTokens'>, heard: Heard): number[] {
  const { ids, finish, usage } = heard
  if (ids.length === 0 || usage === undefined) return []
  const isOpen = finish === 'stop' && !model.stopTokens.includes(ids.at(-1)!)
  const tokens = isOpen ? [...ids, model.eosToken] : [...ids]
  // Servers differ in whether the end token counts.
  return usage.answer === ids.length || usage.answer === tokens.length ? tokens : []
}

/** Whether both are one text: a server may leave out the space in front, and what is no whole character at the end. */
export function isSameText(spelled: string, told: string): boolean {
  const trim = (text: string) => text.trimStart().replace(/\uFFFD+$/u, '')
  return trim(spelled) === trim(told)
}
