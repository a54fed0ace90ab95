import type {
  EmbedRequest,
  EngineStats,
  Prefill,
  ReplayRequest,
  ReplayResult,
  ScoreRequest,
} from '../engine.ts'
import type { Runtime } from '../runtime.ts'
import { type Answer, endedEarly, needsHidden, writeToken } from './answer.ts'
import { checkHidden, checkProjection } from './check-request.ts'
import { deadlineError, queueFullError, tooSlowError } from './errors.ts'
import type { TokenGeneration, TokenRequest } from './messages.ts'
import { average, estimateMs, type Pace, UNKNOWN_PACE } from './pace.ts'
import { meanRow, ownRows, type ReadRows, replayRows, scoreRows } from './prefill-work.ts'
import { nextChunk, takeGroup } from './turn.ts'

export interface GenerateHooks {
  readonly signal?: AbortSignal
  /** Called with each token as it is sampled. */
  readonly onToken?: (token: number) => void
}

/**
 * Runs requests on one runtime: each turn reads a limited number of tokens, of prompts or of whole sequences, then decodes
 * one token of every running answer.
 */
export interface Scheduler {
  /** Rejects with BUSY at once, and with REQUEST_ABORTED and DEADLINE_PASSED before the next step. */
  generate(request: TokenRequest, hooks?: GenerateHooks): Promise<TokenGeneration>
  replay(request: ReplayRequest): Promise<ReplayResult>
  score(request: ScoreRequest): Promise<{ readonly logProb: number }>
  embed(request: EmbedRequest): Promise<{ readonly embedding: Float32Array }>
  prefill(tokens: readonly number[]): Promise<Prefill>
  stats(): Omit<EngineStats, 'rssBytes'> & { readonly turns: number }
  /** True where no request is left to work on. */
  isIdle(): boolean
}

/** A sequence that waits to be read whole. */
interface Reading {
  readonly tokens: readonly number[]
  readonly wantHidden: boolean
  readonly done: (rows: ReadRows) => void
  readonly fail: (error: unknown) => void
}

export interface SchedulerOptions {
  readonly runtime: Runtime
  readonly stopTokens: readonly number[]
  /** Generations that may wait for a slot. */
  readonly maxQueue: number
  /** Milliseconds, monotonic. */
  readonly now: () => number
  /** Called after each turn. */
  readonly onTurn?: () => void
}

/** Requests must have been checked against the model; see check-request.ts. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { runtime, maxQueue, now, onTurn } = options
  const { vocabularySize, width, contextLength, maxBatch } = runtime.shape
  const stopTokens: ReadonlySet<number> = new Set(options.stopTokens)
  /** Without a slot; with one and a prompt still to be read; being decoded, in the order of the steps. */
  let waiting: Answer[] = []
  let prompts: Answer[] = []
  let answers: Answer[] = []
  let readings: Reading[] = []
  let running = false
  let readingsAreNext = false
  let pace: Pace = UNKNOWN_PACE
  const count = { turns: 0, steps: 0, decodedTokens: 0, prefilledTokens: 0, stepMs: 0 }

  const freeSlots = () => maxBatch - prompts.length - answers.length
  const isIdle = () => waiting.length + prompts.length + answers.length + readings.length === 0

  function wake(): void {
    if (running) return
    running = true
    void run()
  }

  async function run(): Promise<void> {
    // Requests that come in one go are read together.
    await undefined
    while (!isIdle()) {
      const start = now()
      dropEnded(start)
      prompts.push(...waiting.splice(0, freeSlots()))
      await readSome()
      // Reading takes longer than many steps; whoever left meanwhile is not decoded for.
      dropEnded(now())
      await decodeOnce()
      count.turns += 1
      count.stepMs += now() - start
      onTurn?.()
    }
    // In the same turn as the check: a request made between them would wake nobody.
    running = false
  }

  /** Prompts and whole sequences take turns, so that neither kind of caller keeps the other waiting. */
  async function readSome(): Promise<void> {
    const both = prompts.length > 0 && readings.length > 0
    if (both) readingsAreNext = !readingsAreNext
    if (readings.length > 0 && (!both || readingsAreNext)) await readWhole()
    else if (prompts.length > 0) await readPrompts()
  }

  async function readPrompts(): Promise<void> {
    const chunkOf = ({ request, sequence }: Answer) => nextChunk(request.promptTokens, sequence.length)
    const group = takeGroup(prompts, (answer) => chunkOf(answer).length)
    const chunks = group.map((answer) => ({ sequence: answer.sequence, tokens: chunkOf(answer) }))
    const wantHidden = group.some(needsHidden)
    const tokens = chunks.reduce((sum, chunk) => sum + chunk.tokens.length, 0)
    const start = now()
    try {
      const { logits, hidden } = await runtime.extend(chunks, wantHidden)
      pace = { ...pace, promptTokenMs: average(pace.promptTokenMs, (now() - start) / tokens) }
      count.prefilledTokens += tokens
      const isRead = ({ request, sequence }: Answer) => sequence.length === request.promptTokens.length
      prompts = prompts.filter((answer) => !isRead(answer))
      for (const [i, answer] of group.entries()) {
        if (!isRead(answer)) continue
        if (write(answer, i, logits, hidden)) runtime.release(answer.sequence)
        else answers.push(answer)
      }
    } catch (error) {
      prompts = prompts.filter((answer) => !group.includes(answer))
      for (const answer of group) fail(answer, error)
    }
  }

  async function readWhole(): Promise<void> {
    const group = takeGroup(readings, (reading) => reading.tokens.length)
    readings = readings.filter((reading) => !group.includes(reading))
    const sequences = group.map((reading) => reading.tokens)
    const wantHidden = group.some((reading) => reading.wantHidden)
    try {
      const batch = await runtime.read(sequences, wantHidden)
      for (const [index, { tokens, done }] of group.entries()) {
        count.prefilledTokens += tokens.length
        done({ batch, index, length: tokens.length })
      }
    } catch (error) {
      for (const reading of group) reading.fail(error)
    }
  }

  async function decodeOnce(): Promise<void> {
    if (answers.length === 0) return
    const wantHidden = answers.some(needsHidden)
    const sequences = answers.map((answer) => answer.sequence)
    const fed = answers.map((answer) => answer.tokens.at(-1)!)
    const start = now()
    try {
      const { logits, hidden } = await runtime.step(sequences, fed, wantHidden)
      count.steps += 1
      count.decodedTokens += answers.length
      // From the last one down, so that the one which moves into a gap has had its turn.
      for (let place = answers.length - 1; place >= 0; place--) {
        if (write(answers[place]!, place, logits, hidden)) release(place)
      }
      pace = { ...pace, stepMs: average(pace.stepMs, now() - start) }
    } catch (error) {
      for (const answer of answers) fail(answer, error)
      answers = []
    }
  }

  /** Samples a token from row `place`; true if it was the answer's last. */
  function write(
    answer: Answer,
    place: number,
    logits: Float32Array,
    hidden: Float32Array | undefined,
  ): boolean {
    const row = logits.subarray(place * vocabularySize, (place + 1) * vocabularySize)
    const hiddenRow = hidden?.subarray(place * width, (place + 1) * width)
    const isLast = writeToken(answer, row, hiddenRow, stopTokens)
    if (isLast) pace = { ...pace, answerTokens: average(pace.answerTokens, answer.tokens.length) }
    return isLast
  }

  /** The last one moves into the gap, as the runtime's sequences do: no step then needs to put rows in order. */
  function release(place: number): void {
    runtime.release(answers[place]!.sequence)
    const last = answers.pop()!
    if (place < answers.length) answers[place] = last
  }

  function fail(answer: Answer, error: unknown): void {
    runtime.release(answer.sequence)
    answer.reject(error)
  }

  function dropEnded(time: number): void {
    const goesOn = (answer: Answer) => {
      const error = endedEarly(answer, time)
      if (error !== undefined) fail(answer, error)
      return error === undefined
    }
    waiting = waiting.filter(goesOn)
    prompts = prompts.filter(goesOn)
    for (let place = answers.length - 1; place >= 0; place--) {
      const error = endedEarly(answers[place]!, time)
      if (error === undefined) continue
      answers[place]!.reject(error)
      release(place)
    }
  }

  /** Throws BUSY, or DEADLINE_PASSED, where a generation would wait in vain. */
  function admit({ promptTokens, deadlineMs }: TokenRequest, limit: number): void {
    if (waiting.length - freeSlots() >= maxQueue) throw queueFullError(waiting.length)
    if (deadlineMs === undefined) return
    if (deadlineMs <= 0) throw deadlineError()
    const unread = [...prompts, ...waiting].reduce(
      (sum, { request, sequence }) => sum + request.promptTokens.length - sequence.length,
      0,
    )
    const backlog = {
      promptTokens: unread,
      waiting: waiting.length,
      freeSlots: freeSlots(),
      slots: maxBatch,
    }
    const estimate = estimateMs(pace, backlog, promptTokens.length, limit)
    if (estimate > deadlineMs) throw tooSlowError(estimate, deadlineMs)
  }

  function enqueue(tokens: readonly number[], wantHidden: boolean): Promise<ReadRows> {
    return new Promise((done, fail) => {
      readings.push({ tokens, wantHidden, done, fail })
      wake()
    })
  }

  return {
    async generate(request, { signal, onToken } = {}) {
      const limit = Math.min(request.maxTokens, contextLength - request.promptTokens.length)
      admit(request, limit)
      if (request.projection !== undefined) checkProjection(request.projection, width)
      const expiresAt = now() + (request.deadlineMs ?? Number.POSITIVE_INFINITY)
      const sequence = runtime.open()
      return new Promise((resolve, reject) => {
        const written = { tokens: [], hidden: [], projected: [] }
        waiting.push({ request, sequence, limit, expiresAt, signal, onToken, ...written, resolve, reject })
        wake()
      })
    },
    async replay(request) {
      if (request.projectionAt !== undefined) checkProjection(request.projectionAt.matrix, width)
      // The last token predicts nothing that was claimed, so it isn't read.
      const tokens = [...request.promptTokens, ...request.tokens.slice(0, -1)]
      return replayRows(await enqueue(tokens, request.projectionAt !== undefined), runtime.shape, request)
    },
    async score({ promptTokens, tokens }) {
      const rows = await enqueue([...promptTokens, ...tokens.slice(0, -1)], false)
      return { logProb: scoreRows(rows, vocabularySize, promptTokens.length, tokens) }
    },
    async embed({ promptTokens, tokens }) {
      checkHidden(width)
      const rows = await enqueue([...promptTokens, ...tokens], true)
      return { embedding: meanRow(rows, width, promptTokens.length) }
    },
    async prefill(tokens) {
      const rows = await enqueue(tokens, true)
      return {
        logits: ownRows(rows, rows.batch.logits, vocabularySize),
        hidden: ownRows(rows, rows.batch.hidden!, width),
        vocabularySize,
      }
    },
    stats: () => ({
      ...count,
      runMs: runtime.runMs?.() ?? 0,
      queue: waiting.length,
      active: prompts.length + answers.length,
    }),
    isIdle,
  }
}
