import { createHash } from 'node:crypto'
import { addressOf, type Signer, verifySignature } from '../chain/wallet/signer.ts'
import { taggedHash, u32 } from '../proof/hash.ts'
import { decodeDisputeReply, encodeDisputeReply } from '../protocol/dispute-codec.ts'
import type { DisputeReply, DisputeRequest } from '../protocol/dispute-messages.ts'
import type { Ask } from './conduct.ts'
import { disputeFault } from './referee.ts'

/** A reply as its side sent it. */
export interface SignedReply {
  readonly body: Uint8Array
  readonly signature: Uint8Array
}

const MOVES: Readonly<Record<DisputeRequest['type'], number>> = {
  'trace-request': 0,
  'children-request': 1,
  'tile-request': 2,
  'logits-request': 3,
}

/**
 * The bytes that a side signs to stand by a reply: H(tag ‖ H(move) ‖ H(body)). The move names the statement's digest, and so
 * the case and its sides: what was said in one dispute is worthless in another, and can't be denied in this one.
 */
export function replyMessage(request: DisputeRequest, body: Uint8Array): Uint8Array {
  return taggedHash(
    'starling/dispute-reply/v1',
    moveDigest(request),
    createHash('sha256').update(body).digest(),
  )
}

/** H(tag ‖ dispute ‖ kind of move ‖ what it asks for, of any length); pins are in the dispute's digest already. */
function moveDigest(request: DisputeRequest): Uint8Array {
  const kind = Uint8Array.of(MOVES[request.type])
  return taggedHash('starling/dispute-move/v1', request.dispute, kind, ...asked(request))
}

function asked(request: DisputeRequest): Uint8Array[] {
  switch (request.type) {
    case 'trace-request':
      return []
    case 'logits-request':
      return [u32(request.chunk)]
    case 'children-request':
      return [Uint8Array.from(request.path)]
    case 'tile-request':
      return [Uint8Array.of(request.withInputs ? 1 : 0), Uint8Array.from(request.path)]
  }
}

export function signReply(signer: Signer, request: DisputeRequest, reply: DisputeReply): SignedReply {
  const body = encodeDisputeReply(reply)
  return { body, signature: signer.sign(replyMessage(request, body)) }
}

/**
 * Takes only what a side signed for the very move. What it signed and nobody can read counts as said: it loses by its own word.
 * @param publicKey of the side, 32 bytes
 */
export function signedAsk(
  publicKey: Uint8Array,
  hear: (request: DisputeRequest) => Promise<SignedReply>,
): Ask {
  const address = addressOf(publicKey)
  return async (request) => {
    const { body, signature } = await hear(request)
    if (!verifySignature(replyMessage(request, body), signature, address))
      throw disputeFault('did not sign its reply with its hotkey')
    return decodeDisputeReply(body) ?? UNREADABLE
  }
}

const UNREADABLE = {}
