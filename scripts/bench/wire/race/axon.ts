import { execFile } from 'node:child_process'
import { access, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { StarlingError } from '../../../../shared/process/errors.ts'
import { type Contender, openContender } from './contender.ts'
import { startLineProcess } from './line-process.ts'
import type { Task } from './side.ts'

/** Bittensor's SDK, with the axon and the dendrite that its subnets use; later major versions have neither. */
const SDK = 'bittensor==10.5.0'
const CACHE = join(import.meta.dirname, '../../../../node_modules/.cache/starling-bench')
const INSTALL_TIMEOUT_MS = 600_000

/** The SDK's own axon and dendrite, each in a process of its own. @throws StarlingError PEER_UNAVAILABLE */
export async function openAxon(task: Omit<Task, 'port'>): Promise<Contender> {
  const python = join(await installSdk(), 'bin/python')
  const file = join(import.meta.dirname, 'axon-side.py')
  // Its logs go to files unless told otherwise.
  const env = { BT_NO_PARSE_CLI_ARGS: '1', PYTHONUNBUFFERED: '1' }
  const start = (side: string) => (given: unknown) =>
    startLineProcess(python, [file, side, JSON.stringify(given)], env)
  return openContender(task, start('server'), start('client'))
}

/** A virtual environment of its own with the SDK, made once. */
async function installSdk(cache = CACHE): Promise<string> {
  const folder = join(cache, SDK.replace('==', '-'))
  const finished = join(folder, 'bin/.finished')
  if (await exists(finished)) return folder
  const run = promisify(execFile)
  try {
    await rm(folder, { recursive: true, force: true })
    await mkdir(cache, { recursive: true })
    // Not made elsewhere and renamed, as its scripts know where they stand.
    await run('python3', ['-m', 'venv', folder], { timeout: INSTALL_TIMEOUT_MS })
    const pip = ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', SDK]
    await run(join(folder, 'bin/python'), pip, { timeout: INSTALL_TIMEOUT_MS })
    await mkdir(`${finished}.new`, { recursive: true })
    await rename(`${finished}.new`, finished)
  } catch (cause) {
    await rm(folder, { recursive: true, force: true })
    const { stderr = '', message } = cause as { stderr?: string; message: string }
    throw new StarlingError(
      'PEER_UNAVAILABLE',
      `can’t install ${SDK}: ${(stderr.trim() || message).split('\n').at(-1)}`,
      'let pip reach its index, with Python 3.10 to 3.13, or read the other figures without this peer',
      { cause },
    )
  }
  return folder
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
