import { link, mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { StarlingError } from './errors.ts'

const ownerSchema = z.object({ pid: z.number().int().positive(), started: z.string() })
type Owner = z.infer<typeof ownerSchema>

/** What a lock is called, and what whoever comes second is told. */
export interface FolderLock {
  /** File name of the lock, in the folder. */
  readonly file: string
  /** The error, from who holds the folder: `process 123`. */
  readonly taken: (holder: string) => StarlingError
}

/** Lock files of this process. */
const held = new Set<string>()

/** Lock of a program's state folder. */
export const STATE_LOCK = 'state.lock'

/** Times that a lock is looked at which comes and goes. */
const ATTEMPTS = 5

/**
 * Takes a folder for this process alone until the returned function is called. A lock whose process is gone, for example
 * after kill -9, is taken over; a process id that was given to another process since is told by when that started.
 *
 * It holds among the processes of one machine that see each other’s ids: not between machines on one network file system, nor
 * between containers on one volume.
 * @throws StarlingError `lock.taken` while another process holds the folder
 */
export async function lockFolder(folder: string, lock: FolderLock): Promise<() => Promise<void>> {
  const file = join(await realpath(folder), lock.file)
  if (held.has(file)) throw lock.taken(`process ${process.pid}`)
  held.add(file)
  try {
    await takeLock(file, lock)
  } catch (error) {
    held.delete(file)
    throw error
  }
  return async () => {
    await rm(file, { force: true })
    held.delete(file)
  }
}

/**
 * Makes a program’s state folder where there is none, and takes it for this process alone: see {@link lockFolder}.
 * @throws StarlingError STATE_LOCKED, STATE_UNWRITABLE
 */
export async function lockState(folder: string): Promise<() => Promise<void>> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return await lockFolder(folder, {
      file: STATE_LOCK,
      taken: (holder) =>
        new StarlingError(
          'STATE_LOCKED',
          `the state folder ${folder} is in use by ${holder}`,
          'stop that process, or give this one a folder of its own with --state',
        ),
    })
  } catch (error) {
    if (error instanceof StarlingError) throw error
    throw new StarlingError(
      'STATE_UNWRITABLE',
      `cannot write in ${folder}: ${String(error)}`,
      'choose another --state folder',
    )
  }
}

/** Who holds a folder now, as `process 123`; undefined where no living process does. Only looks. */
export async function folderHolder(folder: string, file: string): Promise<string | undefined> {
  const owner = await readOwner(join(folder, file))
  return owner !== undefined && (await isAlive(owner)) ? `process ${owner.pid}` : undefined
}

async function takeLock(file: string, lock: FolderLock): Promise<void> {
  const owner: Owner = { pid: process.pid, started: (await startOf(process.pid)) ?? '' }
  const aside = `${file}.${process.pid}`
  await writeFile(aside, JSON.stringify(owner), { mode: 0o600 })
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await linked(aside, file)) return
      const other = await readOwner(file)
      if (other !== undefined && (await isAlive(other))) throw lock.taken(`process ${other.pid}`)
      await takeAway(file, other, `${aside}.old`)
    }
    throw lock.taken('another process')
  } finally {
    await rm(aside, { force: true })
  }
}

/** Removes the lock of a process that is gone, and no other: two may find it at once, and one of them may hold it by now. */
async function takeAway(file: string, gone: Owner | undefined, aside: string): Promise<void> {
  try {
    await rename(file, aside)
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return
    throw error
  }
  const taken = await readOwner(aside)
  if (taken?.pid !== gone?.pid || taken?.started !== gone?.started) await linked(aside, file)
  await rm(aside, { force: true })
}

/** Hard-links, which fails where a file is: the lock appears whole or not at all. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (hasErrno(error, 'EEXIST')) return false
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
    return hasErrno(error, 'EPERM')
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

function hasErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
