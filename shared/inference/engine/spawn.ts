import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { typescriptLoader } from '../../process/typescript-loader.ts'
import type { ChildOptions, FromChild, ToChild } from './messages.ts'

/** A running child: messages in and out, and how it ended. */
export interface Child {
  readonly pid: number | undefined
  send(message: ToChild): void
  /** Ends it at once, also in native code. */
  kill(): void
  /** Lets go of the channel, at which the child ends itself; kills it if it does not. */
  end(): Promise<void>
}

export interface ChildEvents {
  onMessage(message: FromChild): void
  onExit(how: string): void
}

export type Spawn = (options: ChildOptions, events: ChildEvents) => Child

/** Time that a child may need to return from native code before it is killed. */
const END_MS = 2000

export const spawnChild: Spawn = (options, events) => {
  const entry = new URL('./child.ts', import.meta.url)
  const child = fork(fileURLToPath(entry), [JSON.stringify(options)], {
    execArgv: typescriptLoader(entry),
    // Typed arrays cross as bytes; JSON would spell out every number.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  child.on('message', (message) => events.onMessage(message as FromChild))
  let ended = false
  const exited = new Promise<void>((resolve) => {
    const end = (how: string) => {
      if (ended) return
      ended = true
      resolve()
      events.onExit(how)
    }
    child.on('exit', (code, signal) => end(signal === null ? `with code ${code}` : `on ${signal}`))
    // Without a pid it never started, and no exit will follow.
    child.on('error', (error) => {
      if (child.pid === undefined) end(`before it began: ${error.message}`)
    })
  })
  return {
    pid: child.pid,
    send(message) {
      if (child.connected) child.send(message)
    },
    kill: () => void child.kill('SIGKILL'),
    async end() {
      disconnect(child)
      const timer = setTimeout(() => child.kill('SIGKILL'), END_MS)
      await exited
      clearTimeout(timer)
    },
  }
}

function disconnect(child: ChildProcess): void {
  if (child.connected) child.disconnect()
}
