import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { promisify } from 'node:util'
import { StarlingError } from '../../../../shared/process/errors.ts'

/** The wheel that has llama.cpp's HTTP server inside, for Linux and macOS without a compiler. */
const WHEEL = 'xllamacpp==2026.10.11549'
const FOLDER = 'node_modules/.cache/starling-bench/llama-cpp'
const INSTALL_MS = 600_000

/** Writes the address, and serves until its standard input ends: with the process that started it. */
const SERVE = `
import os, sys, xllamacpp
_, model, slots, threads, key = sys.argv
params = xllamacpp.CommonParams()
params.model.path = model
params.model_alias = [os.path.basename(model)]
params.hostnames = ['127.0.0.1']
params.port = 0
params.n_parallel = int(slots)
params.n_ctx = 512 * int(slots)
params.cpuparams.n_threads = int(threads)
params.api_keys = [key] if key else []
params.verbosity = 0
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
`

export interface LlamaCppOptions {
  readonly gguf: string
  /** Answers at once, of 512 tokens each. */
  readonly slots?: number
  readonly threads?: number
  readonly key?: string
}

export interface ServerProcess {
  readonly url: string
  readonly pid: number
  close(): Promise<void>
}

/** Starts a real llama.cpp server on a free port; installs it first where it isn't. @throws StarlingError PEER_MISSING */
export async function startLlamaCpp(options: LlamaCppOptions): Promise<ServerProcess> {
  const python = await installed()
  const { gguf, slots = 4, threads = 1, key = '' } = options
  const child = spawn(python, ['-c', SERVE, gguf, String(slots), String(threads), key], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const exit = once(child, 'exit')
  const lines = createInterface(child.stdout)
  const first = once(lines, 'line') as Promise<[string]>
  const url = await Promise.race([first.then(([line]) => line), exit.then(() => undefined)])
  if (url === undefined) throw missing(`llama.cpp did not serve ${gguf}`)
  return {
    url,
    pid: child.pid!,
    async close() {
      child.stdin.end()
      // It finishes what it is answering; a benchmark doesn't wait for that.
      child.kill('SIGKILL')
      await exit
    },
  }
}

async function installed(): Promise<string> {
  const python = join(FOLDER, 'bin', 'python')
  const isThere = await access(python).then(
    () => true,
    () => false,
  )
  if (isThere) return python
  const run = promisify(execFile)
  try {
    await run('python3', ['-m', 'venv', FOLDER])
    await run(python, ['-m', 'pip', 'install', '--quiet', WHEEL], { timeout: INSTALL_MS })
  } catch (cause) {
    throw missing(`${WHEEL} can’t be installed into ${FOLDER}`, cause)
  }
  return python
}

function missing(what: string, cause?: unknown): StarlingError {
  const remedy = 'have python3 with venv, and a PyPI registry; delete the folder to try again'
  return new StarlingError('PEER_MISSING', what, remedy, { cause })
}
