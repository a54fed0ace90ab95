import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { typescriptLoader } from '../../shared/process/typescript-loader.ts'
import { childEntry } from './entries.ts'
import type { Job, JobOutcome } from './job.ts'

/** Uploading a model of two gigabytes and compiling its shaders takes minutes at worst. */
const JOB_TIMEOUT_MS = 10 * 60_000

/** Runs a job in a child; whatever happens to the child becomes an outcome. */
export function runJob(job: Job): Promise<JobOutcome> {
  const entry = childEntry('measure-child')
  const child = fork(fileURLToPath(entry), [JSON.stringify(job)], {
    execArgv: typescriptLoader(entry),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return new Promise((resolve) => {
    const settle = (outcome: JobOutcome) => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      resolve(outcome)
    }
    const fail = (reason: string) => settle({ kind: 'failed', reason })
    const timer = setTimeout(() => fail(`no result in ${JOB_TIMEOUT_MS / 60_000} minutes`), JOB_TIMEOUT_MS)
    child.on('message', (message) => settle(message as JobOutcome))
    child.on('error', (error) => fail(error.message))
    child.on('exit', (code, signal) =>
      fail(`ended ${signal === null ? `with code ${code}` : `on ${signal}`}`),
    )
  })
}
