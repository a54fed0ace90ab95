import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ChildOptions, FromChild, ToChild } from './messages.ts'

/** A running child: messages in and out, and how it ended. */
export interface Child {
  readonly pid: number | undefined
  send(message: ToChild): void
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
  const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), [JSON.stringify(options)], {
    execArgv: loader(),
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
    async end() {
      disconnect(child)
      const timer = setTimeout(() => child.kill('SIGKILL'), END_MS)
      await exited
      clearTimeout(timer)
    },
  }
}

/** Newer versions of Node read TypeScript by themselves, and start faster without a loader. */
function loader(): string[] {
  if ((process.features as { typescript?: unknown }).typescript) return []
  return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
}

function disconnect(child: ChildProcess): void {
  if (child.connected) child.disconnect()
}
