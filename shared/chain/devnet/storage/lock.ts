import { link, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { StarlingError } from '../../../process/errors.ts'

const LOCK_FILE = 'devnet.lock'

const ownerSchema = z.object({ pid: z.number().int().positive(), started: z.string() })
type Owner = z.infer<typeof ownerSchema>

/** Lock files of this process. */
const held = new Set<string>()

/**
 * Takes a folder for this process alone until the returned function is called. A lock whose process is gone, for example
 * after kill -9, is taken over. Throws `DEVNET_FOLDER_IN_USE`.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(await realpath(folder), LOCK_FILE)
  if (held.has(file)) throw inUse(folder, process.pid)
  held.add(file)
  try {
    await takeLock(folder, file)
  } catch (error) {
    held.delete(file)
    throw error
  }
  return async () => {
    await rm(file, { force: true })
    held.delete(file)
  }
}

async function takeLock(folder: string, file: string): Promise<void> {
  const owner: Owner = { pid: process.pid, started: (await startOf(process.pid)) ?? '' }
  const aside = `${file}.${process.pid}`
  await writeFile(aside, JSON.stringify(owner), { mode: 0o600 })
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (await linked(aside, file)) return
      const other = await readOwner(file)
      if (other !== undefined && (await isAlive(other))) throw inUse(folder, other.pid)
      await rm(file, { force: true })
    }
    throw inUse(folder)
  } finally {
    await rm(aside, { force: true })
  }
}

function inUse(folder: string, pid?: number): StarlingError {
  const message = `data folder ${folder} is in use by ${pid === undefined ? 'another process' : `process ${pid}`}`
  return new StarlingError('DEVNET_FOLDER_IN_USE', message, 'stop that devnet or give another --data')
}

/** Hard-links, which fails where a file is: the lock appears whole or not at all. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return undefined
  }
}

async function isAlive(owner: Owner): Promise<boolean> {
  // What this process holds was found before; this is an earlier process with the same id.
  if (owner.pid === process.pid) return false
  const started = await startOf(owner.pid)
  if (started !== undefined && owner.started !== '') return started === owner.started
  try {
    process.kill(owner.pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** When a process started (boot id and ticks since boot), where the system tells; a recycled process id differs. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold spaces; the start time is the 20th field after it.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return ticks === undefined ? undefined : `${boot.trim()}/${ticks}`
  } catch {
    return undefined
  }
}
