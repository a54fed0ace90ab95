import { setMaxListeners } from 'node:events'
import { type Clock, systemClock } from '../../process/clock.ts'
import { StarlingError } from '../../process/errors.ts'
import { checkGenerate, checkScore } from '../engine/check-request.ts'
import type { Backend, Engine, ModelInfo } from '../engine.ts'
import type { TextCodec } from '../text-codec.ts'
import { type Detected, detect } from './detect.ts'
import { generateThere } from './generate.ts'
import { withLimits } from './limits.ts'
import { rememberPrompts } from './prompts.ts'
import { scoreByEcho } from './score.ts'
import { openServer, type ServerTimeouts } from './server.ts'
import { readKey, serverUrl } from './server-address.ts'

export interface OpenAiBackendOptions {
  /** Of the server, with or without /v1. */
  readonly url: string
  /** The model's name on the server; its only one unless told. */
  readonly model?: string | undefined
  /** Name of the environment variable that holds the server's key. */
  readonly apiKeyEnv?: string | undefined
  /** The registry's model that the server runs, on the operator's word; only its vocabulary is checked. */
  readonly declared: { readonly info: ModelInfo; readonly text: TextCodec }
  readonly timeouts?: Partial<ServerTimeouts>
  /** Answers under way at once before `generate` says BUSY; 64 unless told. */
  readonly maxConcurrent?: number
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly fetch?: typeof fetch
  readonly clock?: Clock
}

export interface OpenAiBackend extends Backend {
  readonly detected: Detected
  /** Only where the server tells the log-probabilities of a prompt. */
  readonly score?: Engine['score']
  /** Asks the server whether it is there; `health` only says when it was heard last. */
  probe(): Promise<void>
}

const TIMEOUTS: ServerTimeouts = { first: 300_000, idle: 60_000 }
/** An answer of 4,096 tokens with log-probabilities is 2 MB of events. */
const MAX_BYTES = 32 * 1024 * 1024
const DETECTION_MS = 120_000
const PROBE_MS = 10_000
const MAX_CONCURRENT = 64

/**
 * Connects to an OpenAI-compatible server and finds out what it tells, and so how far its answers can be verified.
 * @throws StarlingError BACKEND_…, BUSY
 */
export async function startOpenAiBackend(options: OpenAiBackendOptions): Promise<OpenAiBackend> {
  const { declared, clock = systemClock, maxConcurrent = MAX_CONCURRENT } = options
  let lastSign = clock.monotonic()
  let isAlive = true
  let returns = 0
  const server = openServer({
    url: serverUrl(options.url),
    key: readKey(options.apiKeyEnv, options.env ?? process.env),
    timeouts: { ...TIMEOUTS, ...options.timeouts },
    maxBytes: MAX_BYTES,
    fetch: options.fetch ?? fetch,
    onSign() {
      lastSign = clock.monotonic()
      if (!isAlive) returns++
      isAlive = true
    },
    onLoss() {
      isAlive = false
    },
  })
  const memory = rememberPrompts(declared.text)
  const detected = await withLimits({ deadlineMs: DETECTION_MS }, (signal) =>
    detect(server, declared.info, memory, options.model, signal),
  )
  const model = { ...declared.info, executionClass: executionClass(detected), level: detected.level }

  const closed = new AbortController()
  // Every answer under way listens to it.
  setMaxListeners(0, closed.signal)
  let running = 0
  const run = async <T>(
    limits: { readonly signal?: AbortSignal | undefined; readonly deadlineMs?: number | undefined },
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    if (running >= maxConcurrent)
      throw new StarlingError('BUSY', `${running} answers are under way at ${server.url}`, 'ask again later')
    running++
    const signal = limits.signal ? AbortSignal.any([limits.signal, closed.signal]) : closed.signal
    try {
      return await withLimits({ ...limits, signal }, work)
    } finally {
      running--
    }
  }

  return {
    model,
    text: memory.text,
    detected,
    generate(request) {
      const { signal, deadlineMs } = request
      return run({ signal, deadlineMs }, (limited) => {
        checkGenerate(model, request)
        return generateThere({ server, detected, model, memory }, request, limited)
      })
    },
    ...(detected.signals.promptLogProbs
      ? {
          score: (request) =>
            run({}, (signal) => {
              checkScore(model, request)
              return scoreByEcho(server, detected.model, request, signal)
            }),
        }
      : {}),
    async probe() {
      await withLimits({ deadlineMs: PROBE_MS }, (signal) => server.get('/v1/models', signal))
    },
    health: () => ({
      alive: isAlive,
      lastStepAgeMs: clock.monotonic() - lastSign,
      restarts: returns,
      pid: undefined,
    }),
    async close() {
      closed.abort()
    },
  }
}

/** `openai/`, the kind of server and its version, as far as an execution class may hold them. */
export function executionClass({ flavour, version }: Pick<Detected, 'flavour' | 'version'>): string {
  const named = version === undefined ? flavour.name : `${flavour.name}-${version}`
  return `openai/${named.replaceAll(/[^\x21-\x7e]/g, '_').slice(0, 48)}`
}
