import type {
  EmbedRequest,
  EngineStats,
  GenerateRequest,
  Generation,
  Prefill,
  ReplayRequest,
  ReplayResult,
  ScoreRequest,
} from '../engine.ts'
import type { HuggingFaceSource } from '../hugging-face/create-runtime.ts'
import type { Architecture } from '../model/architecture.ts'
import type { Provider } from '../onnx/execution-class.ts'
import type { Precision } from '../precision.ts'

/** An answer before it is text again. */
export type TokenGeneration = Omit<Generation, 'text'>

/** A request as the child gets it: how to be told of tokens and aborts is the messages' own matter. */
export interface TokenRequest extends Omit<GenerateRequest, 'signal' | 'onPiece'> {
  readonly wantPieces?: boolean
}

/** What the child is asked for, by name: its request and its result. */
export interface Calls {
  generate: { readonly request: TokenRequest; readonly result: TokenGeneration }
  replay: { readonly request: ReplayRequest; readonly result: ReplayResult }
  score: { readonly request: ScoreRequest; readonly result: { readonly logProb: number } }
  embed: { readonly request: EmbedRequest; readonly result: { readonly embedding: Float32Array } }
  prefill: { readonly request: readonly number[]; readonly result: Prefill }
  stats: { readonly request: null; readonly result: EngineStats }
}

export type CallName = keyof Calls
export type CallMessage = {
  [Name in CallName]: {
    readonly kind: Name
    readonly id: number
    readonly request: Calls[Name]['request']
    /** Time that the call spent waiting for a child, which counts against its deadline. */
    readonly waitedMs: number
  }
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
  /** A step has been made since the last beat, or there is nothing to do. */
  | { readonly kind: 'beat' }
  | { readonly kind: 'unusable'; readonly failure: Failure }
  /** What one step wrote, for all requests that want pieces: token i goes to request `ids[i]`. */
  | { readonly kind: 'pieces'; readonly ids: readonly number[]; readonly tokens: readonly number[] }
  | { readonly kind: 'result'; readonly id: number; readonly result: Calls[CallName]['result'] }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: Failure }

/** One of our own models: what is left to read is the weights, so that a child starts without a schema library. */
export interface OwnModelSource {
  readonly kind: 'starling'
  readonly architecture: Architecture
  readonly weightsFile: string
  readonly weightsSha256: string
  readonly precision: Precision
}

/** What a child needs to load a model, by kind. */
export type ModelSource = OwnModelSource | HuggingFaceSource

/** Command line of the child. */
export interface ChildOptions {
  /** The model's folder, for messages. */
  readonly folder: string
  readonly model: ModelSource
  readonly stopTokens: readonly number[]
  readonly device: Provider
  readonly threads: number
  readonly dedicated: boolean
  readonly maxBatch: number
  readonly maxQueue: number
}
