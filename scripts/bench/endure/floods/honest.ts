import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { typescriptLoader } from '../../../../shared/process/typescript-loader.ts'

export interface HonestTask {
  readonly port: number
  readonly hotkey: string
  /** Of its own key. */
  readonly uri: string
}

/** What an honest validator saw since the report before. */
export interface HonestReport {
  readonly type: 'report'
  /** Milliseconds from request to reply. */
  readonly latencies: readonly number[]
  /** Why requests on the session that stood all along had no reply. */
  readonly unanswered: readonly string[]
  /** New connections that it made, and why others failed. */
  readonly letIn: number
  readonly turnedAway: readonly string[]
}

export interface Honest {
  report(): Promise<HonestReport>
  stop(): Promise<void>
}

/** Starts it, connected. */
export async function startHonest(task: HonestTask): Promise<Honest> {
  const entry = new URL('honest-main.ts', import.meta.url)
  const child: ChildProcess = fork(entry, [JSON.stringify(task)], {
    execArgv: typescriptLoader(entry),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const next = async (): Promise<HonestReport> => {
    const [report] = await once(child, 'message')
    return report as HonestReport
  }
  await next()
  return {
    report() {
      const report = next()
      child.send('report')
      return report
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
