import { constants } from 'node:fs'
import { access, mkdtemp, rm, statfs } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { folderHolder } from '../../process/lock-folder.ts'
import type { FolderFacts } from '../checks/state.ts'

/** @param lock file name of the lock that a running program holds in it */
export async function folderFacts(folder: string, lock: string): Promise<FolderFacts> {
  const place = await nearestThere(resolve(folder))
  const isThere = place === resolve(folder)
  const unwritable = await whyUnwritable(place)
  const disk = await statfs(place).catch(() => undefined)
  return {
    folder,
    isThere,
    unwritable,
    free: disk && disk.bavail * disk.bsize,
    holder: isThere ? await folderHolder(folder, lock) : undefined,
  }
}

async function nearestThere(folder: string): Promise<string> {
  try {
    await access(folder, constants.F_OK)
    return folder
  } catch {
    const parent = dirname(folder)
    return parent === folder ? folder : nearestThere(parent)
  }
}

/** Permissions tell little on read-only and network file systems, so something is made in it, and removed. */
async function whyUnwritable(folder: string): Promise<string | undefined> {
  try {
    await rm(await mkdtemp(join(folder, '.doctor-')), { recursive: true })
    return undefined
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code ?? error)
  }
}
