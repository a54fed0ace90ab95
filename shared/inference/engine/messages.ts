import type {
  GenerateRequest,
  Generation,
  Prefill,
  ReplayRequest,
  ReplayResult,
  ScoreRequest,
} from '../engine.ts'
import type { Architecture } from '../model/architecture.ts'

/** An answer before it is text again. */
export type TokenGeneration = Omit<Generation, 'text'>

/** What the child is asked for, by name: its request and its result. */
export interface Calls {
  generate: { readonly request: Omit<GenerateRequest, 'signal'>; readonly result: TokenGeneration }
  replay: { readonly request: ReplayRequest; readonly result: ReplayResult }
  score: { readonly request: ScoreRequest; readonly result: { readonly logProb: number } }
  prefill: { readonly request: readonly number[]; readonly result: Prefill }
}

export type CallName = keyof Calls
export type CallMessage = {
  [Name in CallName]: { readonly kind: Name; readonly id: number; readonly request: Calls[Name]['request'] }
}[CallName]

export type ToChild = CallMessage | { readonly kind: 'abort'; readonly id: number }

/** An error as it crosses the process boundary. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly remedy: string | undefined
}

export type FromChild =
  | { readonly kind: 'ready' }
  | { readonly kind: 'beat' }
  | { readonly kind: 'unusable'; readonly failure: Failure }
  | { readonly kind: 'result'; readonly id: number; readonly result: Calls[CallName]['result'] }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: Failure }

/** Command line of the child: what is left to read is the weights, so that it starts without a schema library. */
export interface ChildOptions {
  readonly architecture: Architecture
  readonly weightsFile: string
  readonly weightsSha256: string
  readonly threads: number
  readonly maxBatch: number
}
