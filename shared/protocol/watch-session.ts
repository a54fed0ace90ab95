import { StarlingError } from '../process/errors.ts'
import type { RequestType } from './messages.ts'
import { RefusedError } from './refused-error.ts'
import type { Session } from './session.ts'

/** How a request ended, as the asker saw it; anything else is `failed`. */
export const REQUEST_RESULTS = [
  'answered',
  'refused',
  'timeout',
  'closed',
  'aborted',
  'queue_full',
  'failed',
] as const
export type RequestResult = (typeof REQUEST_RESULTS)[number]

/** Codes that our own miner refuses with. A stranger's words are nothing to name a series after: any other is OTHER. */
export const REFUSAL_CODES = [
  'BAD_REQUEST',
  'BUSY',
  'DEADLINE_PASSED',
  'INTERNAL',
  'NOT_FOUND',
  'NO_DISPUTES',
  'NO_PERMIT',
  'TOO_LATE',
  'UNKNOWN_MODEL',
  'OTHER',
] as const

/** A request that is over. */
export interface AskedRequest {
  readonly type: RequestType
  readonly result: RequestResult
  readonly seconds: number
  /** One of `REFUSAL_CODES`, where it was refused. */
  readonly refusal?: string
}

/** The same session, with every request told of once it is over. */
export function watchSession(
  session: Session,
  monotonic: () => number,
  onAsked: (asked: AskedRequest) => void,
): Session {
  return {
    ...session,
    async request(message, options) {
      const from = monotonic()
      const tell = (result: RequestResult, refusal?: string) =>
        onAsked({
          ...{ type: message.type, result, seconds: (monotonic() - from) / 1000 },
          ...(refusal === undefined ? {} : { refusal }),
        })
      try {
        const reply = await session.request(message, options)
        tell('answered')
        return reply
      } catch (error) {
        if (error instanceof RefusedError) tell('refused', knownRefusal(error.refusal.code))
        else tell(resultOf(error))
        throw error
      }
    },
  }
}

/** The code itself where it is one of the closed list. */
export function knownRefusal(code: string): string {
  return (REFUSAL_CODES as readonly string[]).includes(code) ? code : 'OTHER'
}

function resultOf(error: unknown): RequestResult {
  const code = error instanceof StarlingError ? error.code.toLowerCase() : ''
  return REQUEST_RESULTS.find((result) => result === code) ?? 'failed'
}
