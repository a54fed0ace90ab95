import { StarlingError } from '../../shared/process/errors.ts'
import { knownRefusal } from '../../shared/protocol/watch-session.ts'
import type { Answerer } from '../answerer.ts'
import type { Handler } from '../handler.ts'
import type { MinerEvents } from './events.ts'

/** The same handler, with every request told of once it is answered or refused. */
export function watchHandler(
  handle: Handler,
  monotonic: () => number,
  { onRequest }: Pick<MinerEvents, 'onRequest'>,
): Handler {
  return async (request, context) => {
    const from = monotonic()
    const { type } = request
    const tell = (result: string) => onRequest({ type, result, seconds: (monotonic() - from) / 1000 })
    try {
      const reply = await handle(request, context)
      tell('answered')
      return reply
    } catch (error) {
      tell(knownRefusal(error instanceof StarlingError ? error.code : 'INTERNAL'))
      throw error
    }
  }
}

/** The same answerer, with every answer told of: its tokens, and the seconds from the challenge, waiting for a slot included. */
export function watchAnswerer(
  answer: Answerer,
  monotonic: () => number,
  { onAnswer }: Pick<MinerEvents, 'onAnswer'>,
): Answerer {
  return async (challenge, signal) => {
    const from = monotonic()
    const answered = await answer(challenge, signal)
    onAnswer(answered.tokens.length, (monotonic() - from) / 1000)
    return answered
  }
}
