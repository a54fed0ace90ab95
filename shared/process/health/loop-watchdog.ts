import { Worker } from 'node:worker_threads'

/** Ends the process when its event loop stands still. */
export interface LoopWatchdog {
  close(): Promise<void>
}

export interface LoopWatchdogOptions {
  /** Seconds in which the loop must have moved once. */
  readonly seconds: number
  /** Milliseconds between two looks; 1,000 unless told. A test looks more often. */
  readonly lookMs?: number
}

/**
 * What runs beside the loop. It counts its own looks rather than time, so that a machine that slept has lost nothing: loop and
 * watchdog slept together. `process.exit` in a worker ends only the worker; a signal ends the process whatever the loop does.
 */
const LOOK = `
const { writeSync } = require('node:fs')
const { workerData } = require('node:worker_threads')
const { beats, lookMs, looks, seconds } = workerData
const view = new Int32Array(beats)
let last = 0
let still = 0
setInterval(() => {
  const now = Atomics.load(view, 0)
  still = now === last ? still + 1 : 0
  last = now
  if (still < looks) return
  writeSync(2, 'error LOOP_STALLED: the event loop stood still for ' + seconds + ' s; the process ends itself to be started anew\\n')
  process.kill(process.pid, 'SIGKILL')
}, lookMs)
`

/** Starts a thread that kills this process (SIGKILL) once its event loop has not moved for so long. */
export function startLoopWatchdog({ seconds, lookMs = 1_000 }: LoopWatchdogOptions): LoopWatchdog {
  const beats = new SharedArrayBuffer(4)
  const view = new Int32Array(beats)
  const looks = Math.max(2, Math.ceil((seconds * 1000) / lookMs))
  const timer = setInterval(() => Atomics.add(view, 0, 1), lookMs)
  timer.unref()
  const worker = new Worker(LOOK, {
    eval: true,
    workerData: { beats, lookMs, looks, seconds },
    // Neither a TypeScript loader nor a debugger of the main thread's.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 },
  })
  worker.unref()
  // A thread that cannot run leaves the process as it would be without.
  worker.on('error', () => {})
  return {
    async close() {
      clearInterval(timer)
      await worker.terminate()
    },
  }
}
