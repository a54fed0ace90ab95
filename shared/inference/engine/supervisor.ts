import { setTimeout as sleep } from 'node:timers/promises'
import { StarlingError } from '../../process/errors.ts'
import { abortError } from './abort.ts'
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
}

export interface Supervisor {
  call<Name extends CallName>(
    kind: Name,
    request: Calls[Name]['request'],
    signal?: AbortSignal,
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

/** 100 ms, doubling, at most 5 s. */
export function restartDelay(attempt: number): number {
  return Math.min(100 * 2 ** attempt, 5000)
}

interface Pending {
  readonly resolve: (result: never) => void
  readonly reject: (error: unknown) => void
}

/** One life of the child. */
interface Life {
  readonly child: Child
  readonly ready: Promise<void>
  readonly pending: Map<number, Pending>
  hasEnded: boolean
}

/**
 * Keeps one child running. When it ends unasked, requests that it had are rejected with ENGINE_CRASHED, and a new one is
 * started after a growing pause; requests made meanwhile wait for it. ENGINE_GONE once it is given up or closed.
 */
export function supervise({
  child: options,
  spawn,
  log,
  now,
  delay = restartDelay,
}: SupervisorOptions): Supervisor {
  let restarts = 0
  let attempt = 0
  let nextId = 0
  let lastHeard = now()
  let alive = false
  let closing = false
  const stop = new AbortController()
  let current = start()
  let upcoming = Promise.resolve(current)
  // Somebody may ask much later, or never.
  upcoming.catch(() => {})

  function start(): Life {
    const pending = new Map<number, Pending>()
    let settle: { resolve: () => void; reject: (error: unknown) => void } | undefined
    const ready = new Promise<void>((resolve, reject) => {
      settle = { resolve, reject }
    })
    ready.catch(() => {})

    const onMessage = (message: FromChild) => {
      lastHeard = now()
      if (message.kind === 'ready') {
        alive = true
        settle?.resolve()
      } else if (message.kind === 'unusable') {
        settle?.reject(errorOf(message.failure))
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
      const error = crashed(options.weightsFile, how)
      life.hasEnded = true
      settle?.reject(error)
      for (const waiting of pending.values()) waiting.reject(closing ? gone('it was closed') : error)
      pending.clear()
      if (closing) return
      log('engine ended', { weights: options.weightsFile, how, attempt })
      upcoming = restart()
      upcoming.catch(() => {})
    }
    const life: Life = { child: spawn(options, { onMessage, onExit }), ready, pending, hasEnded: false }
    return life
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

  return {
    async call(kind, request, signal) {
      if (closing) throw gone('it was closed')
      let life: Life
      do {
        life = await upcoming
        await life.ready
        // A child may end between its first word and ours, and would never answer.
      } while (life.hasEnded)
      if (signal?.aborted) throw abortError()
      const id = nextId++
      const abort = () => life.child.send({ kind: 'abort', id })
      signal?.addEventListener('abort', abort, { once: true })
      try {
        return await new Promise((resolve, reject) => {
          life.pending.set(id, { resolve, reject })
          life.child.send({ kind, id, request } as never)
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
      await current.child.end()
    },
  }
}

function crashed(weights: string, how: string): StarlingError {
  return new StarlingError(
    'ENGINE_CRASHED',
    `the engine of ${weights} ended ${how}`,
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
