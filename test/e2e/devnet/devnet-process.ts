import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface DevnetProcess {
  child: ChildProcessWithoutNullStreams
  ready: { url: string; spec: string; genesisHash: string; block: number; hash: string }
}

/** Starts `npm run devnet` as a process of its own; fails with its stderr when it ends before it is ready. */
export async function spawnDevnet(args: readonly string[]): Promise<DevnetProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/devnet.ts', '--json', ...args])
  const errors: string[] = []
  child.stderr.on('data', (data) => errors.push(String(data)))
  const line = await new Promise<string>((resolve, reject) => {
    let out = ''
    child.stdout.on('data', (data) => {
      out += String(data)
      if (out.includes('\n')) resolve(out)
    })
    child.on('exit', () => reject(new Error(errors.join(''))))
  })
  return { child, ready: JSON.parse(line) }
}

/** Runs a command to its end. */
export async function runToEnd(
  args: readonly string[],
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [...args])
  const out: string[] = []
  const err: string[] = []
  child.stdout.on('data', (data) => out.push(String(data)))
  child.stderr.on('data', (data) => err.push(String(data)))
  const [code] = await once(child, 'close')
  return { code, out: out.join(''), err: err.join('') }
}

export async function stop({ child }: DevnetProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal)
    await once(child, 'exit')
  }
  return child.exitCode
}
