import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Writes a file so that a power cut leaves the old one or the new one, never a mixture. */
export function writeFileSafely(path: string, text: string, mode: number): void {
  const temporary = `${path}.new`
  const file = openSync(temporary, 'w', mode)
  writeFileSync(file, text)
  fsyncSync(file)
  closeSync(file)
  renameSync(temporary, path)
  // The rename itself lives in the folder.
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
}
