import type { DisputeDesk } from '../shared/dispute/desk.ts'
import { hasCode, StarlingError } from '../shared/process/errors.ts'
import type { Log } from '../shared/process/logging.ts'
import { toHex } from '../shared/proof/hash.ts'
import type { Reply, Request } from '../shared/protocol/messages.ts'
import { commitAnswer, type GenerationParts, revealAnswer } from './generation.ts'
import { commitVerdict, type JudgingParts, revealVerdict } from './judging.ts'
import { acceptReceipt, type ReceiptParts } from './receipts/accept-receipt.ts'

export interface HandlerParts {
  readonly generation: GenerationParts
  readonly judging: JudgingParts
  readonly receipts: ReceiptParts
  /** Where disputes are answered; absent where the backend has no reference run. */
  readonly disputes?: DisputeDesk
  readonly log: Log
}

export type Handler = (request: Request, context: HandlerContext) => Promise<Reply>

interface HandlerContext {
  readonly peer: string
  /** Made when it is read, which only those do who work for longer than a moment. */
  readonly signal: AbortSignal
}

/** Routes a validator's request to the part that answers it. Errors with a code travel back as refusals. */
export function createHandler(parts: HandlerParts): Handler {
  return async (request, context) => {
    const { peer } = context
    const reply = await route(parts, request, context).catch((error: unknown) => {
      if (!hasCode(error, 'NOT_FOUND'))
        parts.log.warn({ ...idsOf(request), peer, error: String(error) }, 'request refused')
      throw error
    })
    parts.log.debug({ ...idsOf(request), peer, reply: reply.type }, 'request answered')
    return reply
  }
}

async function route(parts: HandlerParts, request: Request, context: HandlerContext): Promise<Reply> {
  const { peer } = context
  switch (request.type) {
    case 'challenge':
      return commitAnswer(parts.generation, peer, request, context.signal)
    case 'reveal-request':
      return revealAnswer(parts.generation, peer, request)
    case 'judge':
      return commitVerdict(parts.judging, peer, request, context.signal)
    case 'verdict-request':
      return revealVerdict(parts.judging.pending, peer, request.id)
    case 'receipt':
      acceptReceipt(request, peer, parts.receipts)
      return { type: 'ack' }
    case 'dispute-open':
      return deskOf(parts).open(request)
    case 'dispute-move':
      return deskOf(parts).move(request)
  }
}

function deskOf({ disputes }: HandlerParts): DisputeDesk {
  if (disputes !== undefined) return disputes
  throw new StarlingError('NO_DISPUTES', 'this miner’s model has no reference run')
}

function idsOf(request: Request): { type: string; round?: number; challenge?: string } {
  const round = 'round' in request ? { round: request.round } : {}
  const challenge = 'id' in request ? { challenge: toHex(request.id) } : {}
  return { type: request.type, ...round, ...challenge }
}
