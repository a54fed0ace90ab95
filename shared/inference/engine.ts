import type { SamplingParams } from './sampler.ts'

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
  readonly eosToken: number
}

export interface GenerateRequest {
  readonly promptTokens: readonly number[]
  readonly maxTokens: number
  readonly sampling: SamplingParams
  /** 32 bytes; the noise at answer position i comes from this seed and i. */
  readonly seed: Uint8Array
  /** Ask for the final-norm hidden state of each step that sampled a token. */
  readonly wantHidden?: boolean
  /** Aborting rejects the promise with REQUEST_ABORTED and frees the slot before the next step. */
  readonly signal?: AbortSignal
}

export interface Generation {
  /** Includes the EOS token as its last element when `finish` is 'stop', so that a replay checks it too. */
  readonly tokens: readonly number[]
  readonly finish: 'stop' | 'length'
  /** tokens × width, row-major; only if asked for. */
  readonly hidden?: Float32Array
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
}

export interface ReplayResult {
  /** Per claimed token: how far its perturbed logit lies below the replay's arg-max; Infinity if it did not survive. */
  readonly margins: Float64Array
  /** Per claimed token: ln p under the recomputed sampling distribution; -Infinity where it is impossible. */
  readonly logProbs: Float64Array
  /** S = Σ −ln p over the possible tokens, in nats. */
  readonly surprise: number
}

export interface ScoreRequest {
  readonly promptTokens: readonly number[]
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

/** A model in a child process: continuous batching, seeded sampling, replay. Safe for concurrent calls. */
export interface Engine {
  readonly model: ModelInfo
  generate(request: GenerateRequest): Promise<Generation>
  /** One prefill and the sampler, both in the child, so logits never cross the process. */
  replay(request: ReplayRequest): Promise<ReplayResult>
  /** Σ ln p(token) at temperature 1, for likelihood judges. */
  score(request: ScoreRequest): Promise<{ readonly logProb: number }>
  /** Logits and hidden states of a token sequence, for tools and calibration. */
  prefill(tokens: readonly number[]): Promise<Prefill>
  health(): EngineHealth
  close(): Promise<void>
}

export interface EngineOptions {
  /** A folder with model.json and weights.f16.bin. */
  readonly modelFolder: string
  readonly threads: number
  /** Sequences decoded together; 16 unless told. */
  readonly maxBatch?: number
  readonly log?: (message: string, context: Readonly<Record<string, unknown>>) => void
}

export type StartEngine = (options: EngineOptions) => Promise<Engine>
