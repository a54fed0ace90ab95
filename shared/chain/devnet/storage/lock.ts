import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { StarlingError } from '../../../process/errors.ts'

const LOCK_FILE = 'devnet.lock'

const ownerSchema = z.object({ pid: z.number().int().positive(), started: z.string() })
type Owner = z.infer<typeof ownerSchema>

/** Lock files that this process holds; its own process id alone would not tell them from a dead namesake's. */
const held = new Set<string>()

/**
 * Takes a folder for this process alone until the returned function is called. A lock whose process is gone, for example
 * after kill -9, is taken over. Throws `DEVNET_FOLDER_IN_USE`.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, LOCK_FILE)
  const owner: Owner = { pid: process.pid, started: (await startOf(process.pid)) ?? '' }
  const aside = `${file}.${process.pid}`
  await writeFile(aside, JSON.stringify(owner), { mode: 0o600 })
  try {
    for (let attempt = 0; ; attempt++) {
      if (await linked(aside, file)) break
      const other = await readOwner(file)
      if (attempt === 2 || (other !== undefined && (await isAlive(other, file)))) {
        throw new StarlingError(
          'DEVNET_FOLDER_IN_USE',
          `data folder ${folder} is in use by process ${other?.pid ?? 'unknown'}`,
          'stop that devnet or give another --data',
        )
      }
      await rm(file, { force: true })
    }
  } finally {
    await rm(aside, { force: true })
  }
  held.add(file)
  return async () => {
    held.delete(file)
    await rm(file, { force: true })
  }
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

async function isAlive(owner: Owner, file: string): Promise<boolean> {
  if (owner.pid === process.pid) return held.has(file)
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
