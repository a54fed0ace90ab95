import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { StarlingError } from '../../../shared/process/errors.ts'
import type { NodeMessage, NodeReady, NodeTask, NodeWindow } from './node-messages.ts'

export interface NodeProcess {
  readonly ready: NodeReady
  /** Milliseconds from starting the process until it took connections. */
  readonly startMs: number
  /** Rejects when the process ends although nobody killed it. */
  readonly ended: Promise<never>
  /** Ends it as a power cut would, and waits until it is gone. */
  kill(): Promise<void>
}

/** Starts a devnet in a process of its own. `onWindow` hears its figures. */
export async function startNode(
  task: NodeTask,
  now: () => number,
  onWindow: (window: NodeWindow) => void = () => {},
): Promise<NodeProcess> {
  const started = now()
  const child = fork(join(import.meta.dirname, 'node-main.ts'), [JSON.stringify(task)], {
    execArgv: ['--import', 'tsx', '--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  let isWanted = true
  const ended = once(child, 'exit').then(([code, signal]) => {
    if (!isWanted) return new Promise<never>(() => {})
    throw new StarlingError('BENCH_NODE_ENDED', `the devnet ended by itself with ${code ?? signal}`)
  })
  ended.catch(() => {})
  const ready = new Promise<NodeReady>((resolve) => {
    child.on('message', (message: NodeMessage) => {
      if (message.type === 'ready') resolve(message)
      else onWindow(message)
    })
  })
  return {
    ready: await Promise.race([ready, ended]),
    startMs: now() - started,
    ended,
    async kill() {
      isWanted = false
      await kill(child)
    },
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
