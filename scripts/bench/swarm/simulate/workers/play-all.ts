import { Worker } from 'node:worker_threads'
import { StarlingError } from '../../../../../shared/process/errors.ts'
import type { SwarmOutcome } from '../play-swarm.ts'
import type { FromWorker, Job, ToWorker } from './messages.ts'
import { runJob } from './run-job.ts'

/**
 * Plays swarms, as many at once as there are threads; with one thread, in this one. Every swarm's draws follow from its own seed, so outcomes
 * come in the order of the jobs and do not depend on the threads.
 * @param onDone called after each, with how many are done
 * @throws StarlingError of the first swarm that failed
 */
export async function playAll(
  jobs: readonly Job[],
  threads: number,
  onDone: (done: number) => void,
): Promise<SwarmOutcome[]> {
  if (threads <= 1) return playHere(jobs, onDone)
  const entry = new URL('./worker.mjs', import.meta.url)
  const outcomes = new Array<SwarmOutcome>(jobs.length)
  let next = 0
  let done = 0
  const workers = Array.from({ length: Math.min(threads, jobs.length) }, () => new Worker(entry))
  const serve = (worker: Worker) =>
    new Promise<void>((resolve, reject) => {
      const give = () => {
        const at = next++
        if (at >= jobs.length) return resolve()
        worker.postMessage({ at, job: jobs[at]! } satisfies ToWorker)
      }
      worker.on('error', reject)
      worker.on('exit', (code) => reject(ended(code)))
      worker.on('message', (message: FromWorker) => {
        if ('error' in message) {
          const { code, message: what, remedy } = message.error
          return reject(new StarlingError(code, what, remedy))
        }
        outcomes[message.at] = message.outcome
        onDone(++done)
        give()
      })
      give()
    })
  try {
    await Promise.all(workers.map(serve))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
  return outcomes
}

async function playHere(jobs: readonly Job[], onDone: (done: number) => void): Promise<SwarmOutcome[]> {
  const outcomes: SwarmOutcome[] = []
  for (const job of jobs) {
    outcomes.push(await runJob(job))
    onDone(outcomes.length)
  }
  return outcomes
}

function ended(code: number): StarlingError {
  return new StarlingError('BENCH_WORKER', `a worker thread ended with code ${code}`, 'run the suite again')
}
