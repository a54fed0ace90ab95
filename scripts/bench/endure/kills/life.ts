import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** What a validator said of its rounds in one life, as far as it got to say it. */
export interface Life {
  /** Rounds that it opened, settled (with the root of their rows), and gave up with a reason. */
  readonly opened: readonly number[]
  readonly settled: readonly { readonly round: number; readonly root: string }[]
  readonly failed: readonly string[]
  /** What it was doing when it was killed: its last line. */
  readonly last: string
  /** How it ended where nobody killed it. */
  readonly ended: string | undefined
  readonly milliseconds: number
}

/** When a process is killed: milliseconds after it was started, or after its first round opened. */
export interface Death {
  readonly after: 'start' | 'round'
  readonly milliseconds: number
}

interface Line {
  readonly msg?: string
  readonly round?: number
  readonly root?: string
  readonly error?: string
}

/** Longest life, where the line that it waits for does not come. */
const LONGEST_MS = 60_000

/** Runs a program until its death, which is SIGKILL: no handler runs, no buffer is written. */
export async function live(
  program: string,
  args: readonly string[],
  death: Death,
  logFile: string,
  now: () => number,
): Promise<Life> {
  const begun = now()
  const opened: number[] = []
  const settled: { round: number; root: string }[] = []
  const failed: string[] = []
  let last = 'nothing yet'
  let isKilled = false
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = once(child, 'exit')
  const kill = () => {
    isKilled = true
    child.kill('SIGKILL')
  }
  const timers = [setTimeout(kill, death.after === 'start' ? death.milliseconds : LONGEST_MS)]
  const lines = createInterface({ input: child.stderr })
  lines.on('line', (text) => {
    appendFileSync(logFile, `${text}\n`)
    const { msg = text, round = -1, root = '', error = '' } = parse(text)
    last = msg
    if (msg === 'round opened') {
      opened.push(round)
      if (death.after === 'round' && opened.length === 1) timers.push(setTimeout(kill, death.milliseconds))
    } else if (msg === 'round settled') settled.push({ round, root })
    else if (msg === 'round failed') failed.push(error)
  })
  const [[code, signal]] = await Promise.all([exited, once(lines, 'close')])
  for (const timer of timers) clearTimeout(timer)
  const ended = isKilled ? undefined : `${code ?? signal}: ${last}`
  return { opened, settled, failed, last, ended, milliseconds: now() - begun }
}

function parse(text: string): Line {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
