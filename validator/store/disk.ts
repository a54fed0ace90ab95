import * as fs from 'node:fs'

/** What the store needs of the file system; passed in, so that a test can fill it up or cut its power at any step. */
export interface Disk {
  mkdirSync(path: string, options: { recursive: true; mode: number }): unknown
  existsSync(path: string): boolean
  readFileSync(path: string, encoding: 'utf8'): string
  readdirSync(path: string): string[]
  openSync(path: string, flags: string, mode?: number): number
  /** May write less than it was given. @returns bytes written */
  writeSync(file: number, bytes: Uint8Array, offset: number, length: number, position: number): number
  fsyncSync(file: number): void
  ftruncateSync(file: number, length: number): void
  closeSync(file: number): void
  renameSync(from: string, to: string): void
  rmSync(path: string, options: { force: true }): void
}

export const systemDisk: Disk = fs

/** Writes all of it from `position` on. @throws what the system says, with a part written */
export function writeAll(disk: Disk, file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += disk.writeSync(file, bytes, done, bytes.length - done, position + done)
  }
}
