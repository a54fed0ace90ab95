import type { Precision } from './precision.ts'
import type { SamplingParams } from './sampler.ts'
import type { TextCodec } from './text-codec.ts'

/**
 * What can be proven about an answer: 0 only that it came in time, 1 that the declared model finds its tokens likely,
 * 2 that the declared model chose them under the miner's seed, 3 that the hidden states were computed too.
 */
export type VerificationLevel = 0 | 1 | 2 | 3

/** What a loaded model is, as peers need to know it. */
export interface ModelInfo {
  readonly name: string
  /** 0x and 64 hex digits: SHA-256 over the canonical architecture and the weights; names the declared model. */
  readonly hash: string
  /** How its numbers come out, e.g. `cpu-fp32/ort-1.30.0`. Distances are judged per pair of classes. */
  readonly executionClass: string
  readonly vocabularySize: number
  /** Prompt and answer together never exceed this many tokens. */
  readonly contextLength: number
  /** Ends an answer when sampled, and appended where a text is scored as a whole answer. */
  readonly eosToken: number
  /** Every token that ends an answer; `eosToken` is one of them. */
  readonly stopTokens: readonly number[]
  /** The most that can be verified of what this model's backend serves. */
  readonly level: VerificationLevel
}

/** A piece of an answer as it is written. */
export interface AnswerPiece {
  /** Empty where the backend doesn't tell token ids. */
  readonly tokens: readonly number[]
  /** Whole characters only; the pieces joined are the answer's text. */
  readonly text: string
}

export interface GenerateRequest {
  readonly promptTokens: readonly number[]
  readonly maxTokens: number
  readonly sampling: SamplingParams
  /** 32 bytes; the noise at answer position i comes from this seed and i. */
  readonly seed: Uint8Array
  /** Answer position of the first token to write, 0 unless told: an answer is continued where its tokens before stand in the prompt. */
  readonly firstPosition?: number
  /** Ask for the final-norm hidden state of each step that sampled a token. */
  readonly wantHidden?: boolean
  /** Row-major [n, width]: ask for this map of each of those states, see `projectRow`; n numbers a token where they have hundreds. */
  readonly projection?: Float32Array
  /** Called with each piece of the answer, in order, before the promise settles. */
  readonly onPiece?: (piece: AnswerPiece) => void
  /** Milliseconds from now after which the answer is worth nothing: DEADLINE_PASSED, and BUSY at once if it can't be met. */
  readonly deadlineMs?: number
  /** Aborting rejects the promise with REQUEST_ABORTED and frees the slot before the next step. */
  readonly signal?: AbortSignal
}

export interface Generation {
  /** What the tokens spell. */
  readonly text: string
  /** Empty where the backend doesn't tell token ids. Includes the EOS token as its last element when `finish` is 'stop', so that a replay checks it too. */
  readonly tokens: readonly number[]
  readonly finish: 'stop' | 'length'
  /** tokens × width, row-major; only if asked for. */
  readonly hidden?: Float32Array
  /** tokens × n, row-major; only if a projection was asked for. */
  readonly projected?: Float32Array
}

export interface Prefill {
  /** n × vocabularySize, row-major; row i predicts token i + 1. */
  readonly logits: Float32Array
  /** n × width, row-major, final-norm. */
  readonly hidden: Float32Array
  readonly vocabularySize: number
}

export interface ReplayRequest {
  readonly promptTokens: readonly number[]
  /** The claimed answer, EOS included where it was sampled. */
  readonly tokens: readonly number[]
  readonly sampling: SamplingParams
  readonly seed: Uint8Array
  /** Logit error that the execution-class pair allows; boundary flips of top-k and top-p within it are forgiven. */
  readonly tolerance: number
  /** Ask for this map, row-major [n, width], of the final-norm hidden states that predict the tokens at these answer positions. */
  readonly projectionAt?: { readonly matrix: Float32Array; readonly positions: readonly number[] }
}

export interface ReplayResult {
  /** Per claimed token: how far its perturbed logit lies below the replay's arg-max; Infinity if it did not survive. */
  readonly margins: Float64Array
  /** Per claimed token: ln p under the recomputed sampling distribution; -Infinity where it is impossible. */
  readonly logProbs: Float64Array
  /** S = Σ −ln p over the possible tokens, in nats. */
  readonly surprise: number
  /** positions × n, row-major; only if a projection was asked for. */
  readonly projected?: Float32Array
}

export interface ScoreRequest {
  readonly promptTokens: readonly number[]
  readonly tokens: readonly number[]
}

export interface EmbedRequest {
  readonly promptTokens: readonly number[]
  /** What is embedded. */
  readonly tokens: readonly number[]
}

export interface EngineHealth {
  readonly alive: boolean
  /** Milliseconds since the child last finished a step or said that it is idle. */
  readonly lastStepAgeMs: number
  readonly restarts: number
  /** Of the child, while there is one. */
  readonly pid: number | undefined
}

/** What the child has done since it started, and what it holds; for benchmarks and metrics. */
export interface EngineStats {
  /** Decode steps, each over every running answer. */
  readonly steps: number
  readonly decodedTokens: number
  /** Tokens read of prompts and of whole sequences, padding not counted. */
  readonly prefilledTokens: number
  /** Within native calls, of `stepMs` in total: 1 − runMs/stepMs is the scheduler's share. */
  readonly runMs: number
  readonly stepMs: number
  /** Generations that wait for a slot, and those that have one. */
  readonly queue: number
  readonly active: number
  readonly rssBytes: number
}

/** Where answers come from: our own engine, or another server behind HTTP. Safe for concurrent calls. */
export interface Backend {
  readonly model: ModelInfo
  readonly text: TextCodec
  /** @throws StarlingError REQUEST_INVALID, BUSY, DEADLINE_PASSED, REQUEST_ABORTED, and what the backend died of */
  generate(request: GenerateRequest): Promise<Generation>
  health(): EngineHealth
  close(): Promise<void>
}

/** A model in a child process: continuous batching, seeded sampling, replay. */
export interface Engine extends Backend {
  /** One prefill and the sampler, both in the child, so logits never cross the process. */
  replay(request: ReplayRequest): Promise<ReplayResult>
  /** Σ ln p(token) at temperature 1, for likelihood judges. */
  score(request: ScoreRequest): Promise<{ readonly logProb: number }>
  /** Mean, over the tokens after the prompt, of the final-norm hidden states of the steps that read them; [width]. */
  embed(request: EmbedRequest): Promise<{ readonly embedding: Float32Array }>
  /** Logits and hidden states of a token sequence, for tools and calibration. */
  prefill(tokens: readonly number[]): Promise<Prefill>
  stats(): Promise<EngineStats>
}

/** Where a model runs. `auto` takes the first provider that passes its self-test. */
export type Device = 'auto' | 'cpu' | 'cuda' | 'webgpu'

export interface EngineOptions {
  /** One of our model folders, or a Hugging Face style folder with an ONNX model. */
  readonly modelFolder: string
  readonly threads: number
  /** `cpu` unless told. */
  readonly device?: Device
  /** `fp32` unless told; anything else is for our own models, on the CPU. */
  readonly precision?: Precision
  /** Sequences decoded together; 16 unless told. */
  readonly maxBatch?: number
  /** Requests that may wait for a slot before `generate` says BUSY; 64 unless told. */
  readonly maxQueue?: number
  /** Threads spin while they wait for work: faster where the engine has the cores to itself, ruinous where it has not. */
  readonly dedicated?: boolean
  readonly log?: (message: string, context: Readonly<Record<string, unknown>>) => void
}

export type StartEngine = (options: EngineOptions) => Promise<Engine>
