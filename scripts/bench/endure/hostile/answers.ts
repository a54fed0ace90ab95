import { REPLY_TYPE, type Reply, type Request } from '../../../../shared/protocol/messages.ts'

export const HASH = new Uint8Array(32).fill(2)
/** As long as an answer may nearly be. */
const LONG = 'x'.repeat(30_000)
const SIGNATURE = new Uint8Array(64).fill(9)

/** Something valid for every request, at no cost. */
export function answerTo(request: Request): Reply {
  const id = 'id' in request ? request.id : HASH
  switch (REPLY_TYPE[request.type]) {
    case 'commit':
      return { type: 'commit', id, digest: HASH, signature: SIGNATURE }
    case 'reveal':
      return {
        ...{ type: 'reveal', id, tokens: [1, 2, 3], text: LONG, salt: HASH, openings: [], finish: 'stop' },
        ...{ executionClass: 'cpu-fp32', model: HASH },
      }
    case 'verdict-commit':
      return { type: 'verdict-commit', id, digest: HASH, signature: SIGNATURE }
    case 'verdict':
      return { type: 'verdict', id, given: { method: 'likelihood', scores: [-1, -2] }, salt: HASH }
    case 'ack':
      return { type: 'ack' }
    case 'dispute-piece':
      return { type: 'dispute-piece', id, piece: 0, pieces: 1, bytes: HASH, signature: SIGNATURE }
  }
}
