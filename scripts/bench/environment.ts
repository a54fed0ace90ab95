import { execFile } from 'node:child_process'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { promisify } from 'node:util'

/** Where and of what a figure was taken. */
export interface Environment {
  readonly cpu: string
  readonly cores: number
  readonly node: string
  /** Commit of the working tree, with `+` where files differ from it; `unknown` outside of git. */
  readonly commit: string
  readonly seed: number
  /** Processes that wanted a core in the last minute, before the suite began. */
  readonly loadAverage: number
}

export async function readEnvironment(seed: number): Promise<Environment> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    commit: await readCommit(),
    seed,
    loadAverage: Number(loadavg()[0]!.toFixed(2)),
  }
}

async function readCommit(): Promise<string> {
  const git = promisify(execFile)
  try {
    const head = (await git('git', ['rev-parse', '--short=12', 'HEAD'])).stdout.trim()
    const changes = (await git('git', ['status', '--porcelain', '--untracked-files=no'])).stdout
    return changes === '' ? head : `${head}+`
  } catch {
    return 'unknown'
  }
}
