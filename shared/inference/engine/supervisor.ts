import { setTimeout as sleep } from 'node:timers/promises'
import { StarlingError } from '../../process/errors.ts'
import { abortError, queueFullError } from './errors.ts'
import type { CallName, Calls, ChildOptions, Failure, FromChild } from './messages.ts'
import type { Child, Spawn } from './spawn.ts'

export type Log = (message: string, context: Readonly<Record<string, unknown>>) => void

export interface SupervisorOptions {
  readonly child: ChildOptions
  readonly spawn: Spawn
  readonly log: Log
  /** Milliseconds, monotonic. */
  readonly now: () => number
  /** Wait before the nth restart in a row, n from 0; see `restartDelay`. */
  readonly delay?: (attempt: number) => number
  /** A child that makes no step for so long, though it has work, is killed; a minute unless told. */
  readonly hungAfterMs?: number
  /** Calls back at an interval until the returned function is called. */
  readonly every?: Every
}

export type Every = (ms: number, callback: () => void) => () => void

export interface CallHooks {
  readonly signal?: AbortSignal | undefined
  /** Called with each token of an answer; what it throws ends the call. */
  readonly onToken?: ((token: number) => void) | undefined
}

export interface Supervisor {
  call<Name extends CallName>(
    kind: Name,
    request: Calls[Name]['request'],
    hooks?: CallHooks,
  ): Promise<Calls[Name]['result']>
  /** Settles when the first child has loaded its model, or could not. */
  ready(): Promise<void>
  state(): {
    readonly alive: boolean
    readonly lastHeard: number
    readonly restarts: number
    readonly pid: number | undefined
  }
  close(): Promise<void>
}

/** A child that ends this often in a row without having answered anything is given up. */
const MAX_ATTEMPTS = 6

const HUNG_AFTER_MS = 60_000
/**
 * Silence is counted in checks rather than read from a clock: after a pause of this process itself, one check comes late
 * and what the child said meanwhile is heard before the next.
 */
const CHECKS = 6
/** Loading a large model may take longer than any step. */
const LOADING_CHECKS = 60

/** 100 ms, doubling, at most 5 s. */
export function restartDelay(attempt: number): number {
  return Math.min(100 * 2 ** attempt, 5000)
}

interface Pending {
  readonly resolve: (result: never) => void
  readonly reject: (error: unknown) => void
  readonly onToken: ((token: number) => void) | undefined
}

/** One life of the child. */
interface Life {
  readonly child: Child
  readonly ready: Promise<void>
  readonly pending: Map<number, Pending>
  wasReady: boolean
  hasEnded: boolean
  /** Checks in a row at which nothing had been heard. */
  silentChecks: number
}

/**
 * Keeps one child running. When it ends unasked, requests that it had are rejected with ENGINE_CRASHED, and a new one is
 * started after a growing pause; requests made meanwhile wait for it, generations up to the length of its queue and the rest
 * with BUSY. ENGINE_GONE once it is given up or closed.
 */
export function supervise({
  child: options,
  spawn,
  log,
  now,
  delay = restartDelay,
  hungAfterMs = HUNG_AFTER_MS,
  every = everyInterval,
}: SupervisorOptions): Supervisor {
  let restarts = 0
  let attempt = 0
  let nextId = 0
  let lastHeard = now()
  let alive = false
  let closing = false
  let waitingToGenerate = 0
  const stop = new AbortController()
  let current = start()
  let upcoming = Promise.resolve(current)
  // Somebody may ask much later, or never.
  upcoming.catch(() => {})
  const stopWatching = every(hungAfterMs / CHECKS, watch)

  function start(): Life {
    const pending = new Map<number, Pending>()
    let settle: { resolve: () => void; reject: (error: unknown) => void } | undefined
    const ready = new Promise<void>((resolve, reject) => {
      settle = { resolve, reject }
    })
    ready.catch(() => {})

    const onMessage = (message: FromChild) => {
      lastHeard = now()
      life.silentChecks = 0
      if (message.kind === 'ready') {
        alive = true
        life.wasReady = true
        settle?.resolve()
      } else if (message.kind === 'unusable') {
        settle?.reject(errorOf(message.failure))
      } else if (message.kind === 'pieces') {
        for (const [i, id] of message.ids.entries()) deliver(life, id, message.tokens[i]!)
      } else if (message.kind !== 'beat') {
        const waiting = pending.get(message.id)
        pending.delete(message.id)
        if (message.kind === 'failed') waiting?.reject(errorOf(message.failure))
        else waiting?.resolve(message.result as never)
        attempt = 0
      }
    }
    const onExit = (how: string) => {
      alive = false
      const isHung = life.silentChecks >= (life.wasReady ? CHECKS : LOADING_CHECKS)
      const error = crashed(options.folder, isHung ? 'after it made no step for too long' : how)
      life.hasEnded = true
      settle?.reject(error)
      for (const waiting of pending.values()) waiting.reject(closing ? gone('it was closed') : error)
      pending.clear()
      if (closing) return
      log('engine ended', { model: options.folder, how, attempt })
      upcoming = restart()
      upcoming.catch(() => {})
    }
    const child = spawn(options, { onMessage, onExit })
    const life: Life = { child, ready, pending, wasReady: false, hasEnded: false, silentChecks: 0 }
    return life
  }

  function watch(): void {
    current.silentChecks += 1
    if (current.silentChecks !== (current.wasReady ? CHECKS : LOADING_CHECKS) || current.hasEnded) return
    log('engine hangs', { model: options.folder, silentMs: now() - lastHeard })
    current.child.kill()
  }

  async function restart(): Promise<Life> {
    if (attempt >= MAX_ATTEMPTS) throw gone(`it ended ${attempt} times in a row`)
    await sleep(delay(attempt), undefined, { signal: stop.signal }).catch(() => {
      throw gone('it was closed')
    })
    attempt += 1
    restarts += 1
    current = start()
    return current
  }

  async function readyLife(): Promise<Life> {
    if (closing) throw gone('it was closed')
    let life: Life
    do {
      life = await upcoming
      await life.ready
      // A child may end between its first word and ours, and would never answer.
    } while (life.hasEnded)
    return life
  }

  /** While there is no child, as many generations wait as would in its queue. */
  async function waitForChild(kind: CallName, signal: AbortSignal | undefined): Promise<Life> {
    const counts = kind === 'generate' ? 1 : 0
    if (counts > 0 && waitingToGenerate >= options.maxQueue) throw queueFullError(waitingToGenerate)
    waitingToGenerate += counts
    try {
      return await unlessAborted(readyLife(), signal)
    } finally {
      waitingToGenerate -= counts
    }
  }

  return {
    async call(kind, request, { signal, onToken } = {}) {
      const asked = now()
      const life = await (alive ? readyLife() : waitForChild(kind, signal))
      const id = nextId++
      const abort = () => life.child.send({ kind: 'abort', id })
      signal?.addEventListener('abort', abort, { once: true })
      try {
        return await new Promise((resolve, reject) => {
          life.pending.set(id, { resolve, reject, onToken })
          life.child.send({ kind, id, request, waitedMs: now() - asked } as never)
        })
      } finally {
        signal?.removeEventListener('abort', abort)
      }
    },
    ready: () => current.ready,
    state: () => ({ alive, lastHeard, restarts, pid: alive ? current.child.pid : undefined }),
    async close() {
      closing = true
      stop.abort()
      stopWatching()
      await current.child.end()
    },
  }
}

function deliver({ child, pending }: Life, id: number, token: number): void {
  const waiting = pending.get(id)
  try {
    waiting?.onToken?.(token)
  } catch (error) {
    // The caller's own fault, which neither the other requests nor the child should feel.
    pending.delete(id)
    waiting?.reject(error)
    child.send({ kind: 'abort', id })
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortError())
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

const everyInterval: Every = (ms, callback) => {
  const timer = setInterval(callback, ms)
  timer.unref()
  return () => clearInterval(timer)
}

function crashed(folder: string, how: string): StarlingError {
  return new StarlingError(
    'ENGINE_CRASHED',
    `the engine of ${folder} ended ${how}`,
    'ask again; it restarts by itself',
  )
}

function gone(why: string): StarlingError {
  return new StarlingError(
    'ENGINE_GONE',
    `the engine does not run: ${why}`,
    'read its log and start the program again',
  )
}

function errorOf({ code, message, remedy }: Failure): StarlingError {
  return new StarlingError(code, message, remedy)
}
