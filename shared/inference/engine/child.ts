import { performance } from 'node:perf_hooks'
import { StarlingError } from '../../process/errors.ts'
import type { CallMessage, ChildOptions, Failure, FromChild, ToChild } from './messages.ts'
import { openRuntime } from './open-runtime.ts'
import { createPieceBuffer } from './pieces.ts'
import { createScheduler, type Scheduler } from './scheduler.ts'

/**
 * The process that computes. A crash in native code, and every blocking call, stay in here. It serves the parent over
 * the fork's channel and ends with it.
 */

const BEAT_MS = 1000

const aborts = new Map<number, AbortController>()
const pieces = createPieceBuffer(send)

// Ctrl-C reaches the whole process group; the parent decides when to end, so that running work can finish.
process.on('SIGINT', () => {})
process.on('disconnect', () => process.exit(0))

try {
  const options = JSON.parse(process.argv[2] ?? '{}') as ChildOptions
  const { stopTokens, maxQueue } = options
  const runtime = await openRuntime(options)
  const now = () => performance.now()
  const scheduler = createScheduler({ runtime, stopTokens, maxQueue, now, onTurn: pieces.flush })
  process.on('message', (message) => serve(scheduler, message as ToChild))
  beat(scheduler)
  send({ kind: 'ready' })
} catch (error) {
  send({ kind: 'unusable', failure: failureOf(error) })
  // Once the parent knows why, there is nothing left to stay for.
  setImmediate(() => process.disconnect())
}

/** Only progress beats: a child whose work is stuck must look like one that hangs. */
function beat(scheduler: Scheduler): void {
  let turnsBefore = 0
  setInterval(() => {
    const { turns } = scheduler.stats()
    if (scheduler.isIdle() || turns > turnsBefore) send({ kind: 'beat' })
    turnsBefore = turns
  }, BEAT_MS)
}

function serve(scheduler: Scheduler, message: ToChild): void {
  if (message.kind === 'abort') {
    aborts.get(message.id)?.abort()
    return
  }
  const { id } = message
  call(scheduler, message)
    .then((result) => {
      pieces.flush()
      send({ kind: 'result', id, result })
    })
    .catch((error) => send({ kind: 'failed', id, failure: failureOf(error) }))
    .finally(() => aborts.delete(id))
}

async function call(scheduler: Scheduler, message: CallMessage) {
  switch (message.kind) {
    case 'generate': {
      const { id, waitedMs } = message
      const { deadlineMs } = message.request
      const request =
        deadlineMs === undefined ? message.request : { ...message.request, deadlineMs: deadlineMs - waitedMs }
      const abort = new AbortController()
      aborts.set(id, abort)
      const onToken = (token: number) => pieces.add(id, token)
      const hooks = { signal: abort.signal, ...(request.wantPieces ? { onToken } : {}) }
      return scheduler.generate(request, hooks)
    }
    case 'replay':
      return scheduler.replay(message.request)
    case 'score':
      return scheduler.score(message.request)
    case 'embed':
      return scheduler.embed(message.request)
    case 'prefill':
      return scheduler.prefill(message.request)
    case 'stats':
      return { ...scheduler.stats(), rssBytes: process.memoryUsage.rss() }
  }
}

function send(message: FromChild): void {
  // A parent that has just gone is seen here before the channel says so, which is when this process ends.
  if (process.connected) process.send?.(message, undefined, undefined, () => {})
}

function failureOf(error: unknown): Failure {
  if (error instanceof StarlingError) {
    return { code: error.code, message: error.message, remedy: error.remedy }
  }
  return {
    code: 'ENGINE_FAILED',
    message: error instanceof Error ? error.message : String(error),
    remedy: undefined,
  }
}
