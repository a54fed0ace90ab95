import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Child, startChild } from './child.ts'
import { logFolder } from './participants.ts'

/** Starts a devnet in a process of its own and waits until it takes connections. */
export async function startDevnetProcess(
  folder: string,
  blockMs: number,
  env: Readonly<Record<string, string>> = {},
): Promise<{ child: Child; url: string }> {
  const args = ['--port', '0', '--data', join(folder, 'chain'), '--block-ms', String(blockMs)]
  const child = startChild('devnet', 'scripts/devnet.ts', args, {
    logFolder: logFolder({ folder }),
    pipeStdout: true,
    env,
  })
  const ready = (async () => {
    for await (const line of createInterface({ input: child.process.stdout! })) {
      const url = /^devnet ready (ws:\S+)/.exec(line)?.[1]
      if (url !== undefined) return url
    }
    return new Promise<never>(() => {})
  })()
  const url = await Promise.race([ready, child.crashed])
  child.process.stdout!.resume()
  return { child, url }
}
