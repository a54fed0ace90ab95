import type { CloseReason } from './session.ts'

/** Why a connection is closed, as the WebSocket close frame says it (RFC 6455; 4000 and up are ours). */
export const CLOSE = {
  normal: { code: 1000, reason: 'DONE' },
  goingAway: { code: 1001, reason: 'GOING_AWAY' },
  oversizedFrame: { code: 1009, reason: 'OVERSIZED_FRAME' },
  malformedFrame: { code: 4400, reason: 'MALFORMED_FRAME' },
  badHello: { code: 4401, reason: 'BAD_HELLO' },
  noOffer: { code: 4402, reason: 'NO_OFFER' },
  badRecord: { code: 4403, reason: 'BAD_RECORD' },
  idle: { code: 4408, reason: 'NO_PONG' },
  badSequence: { code: 4409, reason: 'BAD_SEQUENCE' },
  slowReader: { code: 4413, reason: 'SLOW_READER' },
  tooManyRequests: { code: 4427, reason: 'TOO_MANY_REQUESTS' },
  flood: { code: 4428, reason: 'TOO_MANY_PINGS' },
  notAnswering: { code: 4429, reason: 'TOO_MANY_UNANSWERED' },
} as const satisfies Record<string, CloseReason>
