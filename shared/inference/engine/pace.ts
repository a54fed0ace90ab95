/** Moving averages of how fast the model has been; undefined until measured. */
export interface Pace {
  /** Milliseconds for one more token of every running answer. */
  readonly stepMs: number | undefined
  /** Milliseconds for each prompt token read. */
  readonly promptTokenMs: number | undefined
  /** Tokens of a finished answer. */
  readonly answerTokens: number | undefined
}

export interface Backlog {
  /** Prompt tokens of others that are read first. */
  readonly promptTokens: number
  /** Generations that wait for a slot already. */
  readonly waiting: number
  readonly freeSlots: number
  readonly slots: number
}

export const UNKNOWN_PACE: Pace = { stepMs: undefined, promptTokenMs: undefined, answerTokens: undefined }

/** Of a newly measured value in an average; the last fifty or so count. */
const WEIGHT = 0.05

export function average(before: number | undefined, measured: number): number {
  return before === undefined ? measured : before + WEIGHT * (measured - before)
}

/**
 * Milliseconds until an answer of at most `limit` tokens would be complete: the wait for a slot, which the running and
 * waiting answers free one after another, then its prompt after those of others, then its tokens. 0 while nothing has been
 * measured, so that nothing is refused on a guess.
 */
export function estimateMs(pace: Pace, backlog: Backlog, promptTokens: number, limit: number): number {
  const { stepMs = 0, promptTokenMs = 0, answerTokens = limit } = pace
  const before = Math.max(0, backlog.waiting + 1 - backlog.freeSlots)
  const slotMs = (before / backlog.slots) * answerTokens * stepMs
  const promptMs = (backlog.promptTokens + promptTokens) * promptTokenMs
  return slotMs + promptMs + Math.min(limit, answerTokens) * stepMs
}
