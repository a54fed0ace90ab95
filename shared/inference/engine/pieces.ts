import type { FromChild } from './messages.ts'

/** Tokens on their way to callers that stream. */
export interface PieceBuffer {
  add(id: number, token: number): void
  /** Sends what has been added since the last time, if anything. */
  flush(): void
}

/** Gathers the tokens of a step, because a message for each would cost more than the step itself. */
export function createPieceBuffer(send: (message: FromChild) => void): PieceBuffer {
  let ids: number[] = []
  let tokens: number[] = []
  return {
    add(id, token) {
      ids.push(id)
      tokens.push(token)
    },
    flush() {
      if (ids.length === 0) return
      send({ kind: 'pieces', ids, tokens })
      ids = []
      tokens = []
    },
  }
}
