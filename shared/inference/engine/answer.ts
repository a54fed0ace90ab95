import { projectRow } from '../projection.ts'
import type { Sequence } from '../runtime.ts'
import { sampleToken } from '../sampler.ts'
import { abortError, deadlineError } from './errors.ts'
import type { TokenGeneration, TokenRequest } from './messages.ts'

/** An answer that waits, or is being written. */
export interface Answer {
  readonly request: TokenRequest
  readonly sequence: Sequence
  /** Tokens that it may have at most. */
  readonly limit: number
  /** On the scheduler's clock; Infinity without a deadline. */
  readonly expiresAt: number
  readonly signal: AbortSignal | undefined
  readonly onToken: ((token: number) => void) | undefined
  readonly tokens: number[]
  readonly hidden: Float32Array[]
  readonly projected: Float32Array[]
  readonly resolve: (generation: TokenGeneration) => void
  readonly reject: (error: unknown) => void
}

/** Samples the next token from its row; resolves the answer and returns true if it is the last one. */
export function writeToken(
  answer: Answer,
  logits: Float32Array,
  hidden: Float32Array | undefined,
  stopTokens: ReadonlySet<number>,
): boolean {
  const { request, tokens, limit } = answer
  const position = (request.firstPosition ?? 0) + tokens.length
  const token = sampleToken(logits, request.sampling, request.seed, position)
  tokens.push(token)
  answer.onToken?.(token)
  if (hidden !== undefined) keepHidden(answer, hidden)
  const isStop = stopTokens.has(token)
  if (!isStop && tokens.length < limit) return false
  const generation: TokenGeneration = { tokens, finish: isStop ? 'stop' : 'length' }
  const hiddenRows = request.wantHidden ? { hidden: joined(answer.hidden) } : {}
  const projectedRows = request.projection === undefined ? {} : { projected: joined(answer.projected) }
  answer.resolve({ ...generation, ...hiddenRows, ...projectedRows })
  return true
}

/** Whether the answer's hidden states are needed for what was asked. */
export function needsHidden({ request }: Answer): boolean {
  return request.wantHidden === true || request.projection !== undefined
}

function keepHidden({ request, hidden, projected }: Answer, row: Float32Array): void {
  if (request.wantHidden) hidden.push(row.slice())
  if (request.projection !== undefined) projected.push(projectRow(request.projection, row))
}

/** Why an answer has to be dropped before the next step, if it has. */
export function endedEarly({ signal, expiresAt }: Answer, now: number): Error | undefined {
  if (signal?.aborted) return abortError()
  return now >= expiresAt ? deadlineError() : undefined
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const width = rows[0]?.length ?? 0
  const out = new Float32Array(rows.length * width)
  for (const [i, row] of rows.entries()) out.set(row, i * width)
  return out
}
