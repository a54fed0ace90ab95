import { StarlingError } from '../../process/errors.ts'
import { parseWeights, readWeightsFile } from '../model/weights-file.ts'
import { EOS } from '../tokenizer.ts'
import type { CallMessage, ChildOptions, Failure, FromChild, ToChild } from './messages.ts'
import { createRuntime } from './runtime.ts'
import { createScheduler, type Scheduler } from './scheduler.ts'

/**
 * The process that computes. A crash in native code, and every blocking call, stay in here. It serves the parent over
 * the fork's channel and ends with it.
 */

const BEAT_MS = 1000

const aborts = new Map<number, AbortController>()

// Ctrl-C reaches the whole process group; the parent decides when to end, so that running work can finish.
process.on('SIGINT', () => {})
process.on('disconnect', () => process.exit(0))

try {
  const options = JSON.parse(process.argv[2] ?? '{}') as ChildOptions
  const { architecture, weightsFile, threads, maxBatch } = options
  const file = await readWeightsFile(weightsFile, options.weightsSha256)
  const runtime = await createRuntime(architecture, parseWeights(weightsFile, architecture, file), threads)
  const scheduler = createScheduler({ runtime, maxBatch, eosToken: EOS })
  process.on('message', (message) => serve(scheduler, message as ToChild))
  // Native calls block this thread, so a beat also says that the last one returned.
  setInterval(() => send({ kind: 'beat' }), BEAT_MS)
  send({ kind: 'ready' })
} catch (error) {
  send({ kind: 'unusable', failure: failureOf(error) })
  // Once the parent knows why, there is nothing left to stay for.
  setImmediate(() => process.disconnect())
}

function serve(scheduler: Scheduler, message: ToChild): void {
  if (message.kind === 'abort') {
    aborts.get(message.id)?.abort()
    return
  }
  const { id } = message
  call(scheduler, message)
    .then((result) => send({ kind: 'result', id, result }))
    .catch((error) => send({ kind: 'failed', id, failure: failureOf(error) }))
    .finally(() => aborts.delete(id))
}

function call(scheduler: Scheduler, message: CallMessage) {
  switch (message.kind) {
    case 'generate': {
      const abort = new AbortController()
      aborts.set(message.id, abort)
      return scheduler.generate({ ...message.request, signal: abort.signal })
    }
    case 'replay':
      return scheduler.replay(message.request)
    case 'score':
      return scheduler.score(message.request)
    case 'prefill':
      return scheduler.prefill(message.request)
  }
}

function send(message: FromChild): void {
  if (process.connected) process.send?.(message)
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
