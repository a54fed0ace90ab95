import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { StarlingError } from '../../../shared/process/errors.ts'
import type { SideOrder } from './side-process.ts'

const SCRIPT = fileURLToPath(new URL('side-process.ts', import.meta.url))

/** What a side took from its start to its end, reading the model included. */
export interface SideCost {
  readonly cpuSeconds: number
  /** Largest resident set. */
  readonly megabytes: number
}

export interface SideProcess {
  readonly port: number
  /** Stops it and says what it took. */
  stop(): Promise<SideCost>
}

/** Starts a side of a dispute as a process. @throws StarlingError BENCH_SIDE with what it wrote, where it does not come up */
export async function startSide(order: SideOrder): Promise<SideProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, JSON.stringify(order)])
  const lines = readLines(child)
  const { port } = JSON.parse(await lines()) as { port: number }
  return {
    port,
    async stop() {
      child.kill('SIGTERM')
      return JSON.parse(await lines()) as SideCost
    },
  }
}

/** The process's lines, one a call. */
function readLines(child: ChildProcessWithoutNullStreams): () => Promise<string> {
  let [text, errors] = ['', '']
  let wake = () => {}
  let isOver = false
  child.stderr.on('data', (data) => {
    errors += String(data)
  })
  child.stdout.on('data', (data) => {
    text += String(data)
    wake()
  })
  child.on('close', () => {
    isOver = true
    wake()
  })
  return async () => {
    while (!text.includes('\n')) {
      if (isOver) throw new StarlingError('BENCH_SIDE', `a side ended early: ${errors.trim().slice(-500)}`)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    const line = text.slice(0, text.indexOf('\n'))
    text = text.slice(line.length + 1)
    return line
  }
}
