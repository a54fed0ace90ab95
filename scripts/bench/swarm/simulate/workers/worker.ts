import { parentPort } from 'node:worker_threads'
import { describeError, StarlingError } from '../../../../../shared/process/errors.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { runJob } from './run-job.ts'

const say = (message: FromWorker) => parentPort!.postMessage(message)

parentPort!.on('message', ({ at, job }: ToWorker) => {
  runJob(job).then(
    (outcome) => say({ at, outcome }),
    (error: unknown) => say({ at, error: partsOf(error) }),
  )
})

function partsOf(error: unknown) {
  if (!(error instanceof StarlingError))
    return { code: 'BENCH_WORKER', message: describeError(error), remedy: undefined }
  const { code, message, remedy } = error
  return { code, message, remedy }
}
