import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { typescriptLoader } from '../../process/typescript-loader.ts'
import type { ProbeReport, SpawnProbe } from './probe-report.ts'

/** Native libraries can write without end; a reason needs one of the last lines only. */
const KEPT_CHARACTERS = 4096

/** Forks the self-test that ships beside this file. */
export const spawnProbe: SpawnProbe = probeSpawner(new URL('./probe-child.ts', import.meta.url))

/** Forks a program that reports like `probe-child.ts`. What native code writes to stderr is kept for the reason, not shown. */
export function probeSpawner(entry: URL): SpawnProbe {
  return (provider, events) => {
    const child = fork(fileURLToPath(entry), [provider], {
      execArgv: typescriptLoader(entry),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let written = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      written = (written + text).slice(-KEPT_CHARACTERS)
    })
    child.on('message', (message) => events.onReport(message as ProbeReport))
    child.on('error', (error) => events.onExit(`before it began: ${error.message}`))
    // 'close' rather than 'exit': by then stderr has been read to its end.
    child.on('close', (code, signal) => {
      const how = signal === null ? `with code ${code}` : `on ${signal}`
      const said = tellingLine(written)
      events.onExit(said === '' ? how : `${how}: ${said}`)
    })
    return () => child.kill('SIGKILL')
  }
}

/** Of what a process wrote before its end, the last line that speaks of an error, else the last. */
export function tellingLine(written: string): string {
  const lines = written.trim().split('\n')
  return (lines.findLast((line) => /error|fail|could ?n['o]t|cannot/i.test(line)) ?? lines.at(-1)!).trim()
}
