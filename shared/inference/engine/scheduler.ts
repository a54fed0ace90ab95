import type { GenerateRequest, Prefill, ReplayRequest, ReplayResult, ScoreRequest } from '../engine.ts'
import { sampleToken } from '../sampler.ts'
import { abortError } from './abort.ts'
import { KvCache } from './kv-cache.ts'
import type { TokenGeneration } from './messages.ts'
import { logitsRow, ownRows, type ReadRows, replayRows, scoreRows } from './prefill-work.ts'
import type { Runtime } from './runtime.ts'

/** Padded tokens that one turn reads at most, so that running answers wait no longer than that. */
const TOKENS_PER_TURN = 1024
const SEQUENCES_PER_TURN = 8

/** Runs requests on one runtime: each turn reads a group of waiting sequences, then decodes one token of each answer. */
export interface Scheduler {
  generate(request: GenerateRequest): Promise<TokenGeneration>
  replay(request: ReplayRequest): Promise<ReplayResult>
  score(request: ScoreRequest): Promise<{ readonly logProb: number }>
  prefill(tokens: readonly number[]): Promise<Prefill>
}

/** A sequence that waits to be read. */
interface Waiting {
  readonly tokens: readonly number[]
  readonly wantHidden: boolean
  /** Set for a generation: it needs a slot, keeps the cache, and may be aborted while it waits. */
  readonly answer: Answer | undefined
  readonly done: (rows: ReadRows) => void
  readonly fail: (error: unknown) => void
}

/** An answer that is being written. Its place in `answers` is its cache slot. */
interface Answer {
  readonly request: GenerateRequest
  readonly limit: number
  readonly tokens: number[]
  readonly hidden: Float32Array[]
  readonly resolve: (generation: TokenGeneration) => void
  readonly reject: (error: unknown) => void
}

export interface SchedulerOptions {
  readonly runtime: Runtime
  readonly maxBatch: number
  readonly eosToken: number
}

/** Requests must have been checked against the model; see check-request.ts. */
export function createScheduler({ runtime, maxBatch, eosToken }: SchedulerOptions): Scheduler {
  const { vocabularySize, width, contextLength } = runtime.architecture
  const cache = new KvCache(runtime.architecture, maxBatch)
  const answers: Answer[] = []
  let queue: Waiting[] = []
  let running = false

  function wake(): void {
    if (running) return
    running = true
    void run()
  }

  async function run(): Promise<void> {
    while (queue.length > 0 || answers.length > 0) {
      dropAborted()
      await readSome()
      await decodeOnce()
    }
    // In the same turn as the check: a request made between them would wake nobody.
    running = false
  }

  function enqueue(waiting: Omit<Waiting, 'done' | 'fail' | 'answer'>): Promise<ReadRows> {
    return new Promise((done, fail) => {
      queue.push({ ...waiting, answer: undefined, done, fail })
      wake()
    })
  }

  function takeGroup(): Waiting[] {
    const group: Waiting[] = []
    const rest: Waiting[] = []
    let longest = 0
    let slots = maxBatch - answers.length
    for (const waiting of queue) {
      const padded = Math.max(longest, waiting.tokens.length) * (group.length + 1)
      const fits = group.length === 0 || (padded <= TOKENS_PER_TURN && group.length < SEQUENCES_PER_TURN)
      if (!fits || (waiting.answer !== undefined && slots === 0)) {
        rest.push(waiting)
        continue
      }
      group.push(waiting)
      longest = Math.max(longest, waiting.tokens.length)
      if (waiting.answer !== undefined) slots -= 1
    }
    queue = rest
    return group
  }

  async function readSome(): Promise<void> {
    const group = takeGroup()
    if (group.length === 0) return
    try {
      const batch = await runtime.prefill(
        group.map((waiting) => waiting.tokens),
        {
          hidden: group.some((waiting) => waiting.wantHidden),
          cache: group.some((waiting) => waiting.answer !== undefined),
        },
      )
      for (const [index, { tokens, answer, done }] of group.entries()) {
        const rows = { batch, index, length: tokens.length }
        if (answer === undefined) done(rows)
        else begin(answer, rows)
      }
    } catch (error) {
      for (const waiting of group) waiting.fail(error)
    }
  }

  /** Samples an answer's first token from the last row of its prompt, and gives it a slot unless that ended it. */
  function begin(answer: Answer, rows: ReadRows): void {
    const last = rows.length - 1
    const hidden = rows.batch.hidden && ownRows(rows, rows.batch.hidden, width).subarray(last * width)
    if (choose(answer, logitsRow(rows, vocabularySize, last), hidden)) return
    cache.admit(rows.batch.present, rows.index, rows.batch.padded, rows.length)
    answers.push(answer)
  }

  /** Samples the next token; resolves the answer and returns true if it is the last one. */
  function choose(answer: Answer, logits: Float32Array, hidden: Float32Array | undefined): boolean {
    const { request, tokens, limit } = answer
    const token = sampleToken(logits, request.sampling, request.seed, tokens.length)
    tokens.push(token)
    if (request.wantHidden && hidden !== undefined) answer.hidden.push(hidden)
    if (token !== eosToken && tokens.length < limit) return false
    const generation = { tokens, finish: token === eosToken ? ('stop' as const) : ('length' as const) }
    answer.resolve(request.wantHidden ? { ...generation, hidden: joined(answer.hidden, width) } : generation)
    return true
  }

  async function decodeOnce(): Promise<void> {
    if (answers.length === 0) return
    const wantHidden = answers.some((answer) => answer.request.wantHidden)
    try {
      const fed = answers.map((answer) => answer.tokens.at(-1)!)
      const { logits, hidden } = await runtime.decode(cache, fed, wantHidden)
      // From the last slot down, so that the one which moves into a freed slot has had its turn.
      for (let slot = answers.length - 1; slot >= 0; slot--) {
        const row = logits.subarray(slot * vocabularySize, (slot + 1) * vocabularySize)
        const hiddenRow = hidden?.slice(slot * width, (slot + 1) * width)
        if (choose(answers[slot]!, row, hiddenRow)) release(slot)
      }
    } catch (error) {
      for (const answer of answers) answer.reject(error)
      while (answers.length > 0) release(answers.length - 1)
    }
  }

  function release(slot: number): void {
    cache.remove(slot)
    const last = answers.pop()!
    if (slot < answers.length) answers[slot] = last
  }

  function dropAborted(): void {
    const aborted = (answer: Answer | undefined) => answer?.request.signal?.aborted === true
    for (const waiting of queue) if (aborted(waiting.answer)) waiting.fail(abortError())
    queue = queue.filter((waiting) => !aborted(waiting.answer))
    for (let slot = answers.length - 1; slot >= 0; slot--) {
      if (!aborted(answers[slot])) continue
      answers[slot]!.reject(abortError())
      release(slot)
    }
  }

  return {
    generate(request) {
      return new Promise((resolve, reject) => {
        const limit = Math.min(request.maxTokens, contextLength - request.promptTokens.length)
        const answer = { request, limit, tokens: [], hidden: [], resolve, reject }
        const wantHidden = request.wantHidden ?? false
        queue.push({ tokens: request.promptTokens, wantHidden, answer, done: () => {}, fail: reject })
        wake()
      })
    },
    async replay(request) {
      // The last token predicts nothing that was claimed, so it isn't read.
      const tokens = [...request.promptTokens, ...request.tokens.slice(0, -1)]
      return replayRows(await enqueue({ tokens, wantHidden: false }), vocabularySize, request)
    },
    async score({ promptTokens, tokens }) {
      const read = [...promptTokens, ...tokens.slice(0, -1)]
      const rows = await enqueue({ tokens: read, wantHidden: false })
      return { logProb: scoreRows(rows, vocabularySize, promptTokens.length, tokens) }
    },
    async prefill(tokens) {
      const rows = await enqueue({ tokens, wantHidden: true })
      return {
        logits: ownRows(rows, rows.batch.logits, vocabularySize),
        hidden: ownRows(rows, rows.batch.hidden!, width),
        vocabularySize,
      }
    },
  }
}

function joined(rows: readonly Float32Array[], width: number): Float32Array {
  const out = new Float32Array(rows.length * width)
  for (const [i, row] of rows.entries()) out.set(row, i * width)
  return out
}
