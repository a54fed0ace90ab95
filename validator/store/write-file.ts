import { dirname } from 'node:path'
import { type Disk, systemDisk, writeAll } from './disk.ts'

/**
 * Writes a file so that a power cut leaves the old one or the new one, never a mixture.
 * @throws what the system says; the old one stands then
 */
export function writeFileSafely(path: string, text: string, mode: number, disk: Disk = systemDisk): void {
  const temporary = writeAside(path, text, mode, disk)
  disk.renameSync(temporary, path)
  syncFolder(dirname(path), disk)
}

/** Writes what is to take a file’s place, beside it. @returns where it lies, on the disk for good but for its name */
export function writeAside(path: string, text: string, mode: number, disk: Disk): string {
  const temporary = `${path}.new`
  const file = disk.openSync(temporary, 'w', mode)
  try {
    writeAll(disk, file, Buffer.from(text), 0)
    disk.fsyncSync(file)
  } catch (error) {
    // What is left of it would keep a full disk full.
    disk.rmSync(temporary, { force: true })
    throw error
  } finally {
    disk.closeSync(file)
  }
  return temporary
}

/** Makes names in a folder outlive a power cut: a rename lives there. */
export function syncFolder(path: string, disk: Disk): void {
  const folder = disk.openSync(path, 'r')
  try {
    disk.fsyncSync(folder)
  } finally {
    disk.closeSync(folder)
  }
}
