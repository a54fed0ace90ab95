import * as nodeFiles from 'node:fs/promises'
import type { Files } from '../../shared/chain/devnet/storage/files.ts'

/** A process that is killed at one of its steps on the disk. */
export interface DyingFiles {
  files: Files
  /** True once it is dead. */
  dead(): boolean
  /** Frees what the process held, as the system does. */
  release(): Promise<void>
}

/**
 * The file system as a process sees it that dies at its `step`-th change (from 0): before the change, after it, or, where
 * the change is a write, in the middle of it: `part` of it (0 to 1) is done. In a power cut, what was written since a file
 * was last synced is lost, too.
 */
export function dyingFiles(step: number, part: number, powerCut = false): DyingFiles {
  const handles: nodeFiles.FileHandle[] = []
  /** How long each file was when it was last synced, by path. */
  const synced = new Map<string, number>()
  let left = step
  let dead = false

  const change = async <T>(whole: () => Promise<T>, some?: () => Promise<unknown>): Promise<T> => {
    if (dead) throw new Error('killed')
    if (left-- > 0) return whole()
    dead = true
    if (some !== undefined) await some()
    else if (part >= 0.5) await whole()
    throw new Error('killed')
  }
  const cut = (contents: string | Uint8Array) => {
    const bytes = Buffer.from(contents as string)
    return bytes.subarray(0, Math.floor(bytes.length * part))
  }
  const sync = async (handle: nodeFiles.FileHandle, path: string, how: 'sync' | 'datasync') => {
    await handle[how]()
    if (synced.has(path)) synced.set(path, (await handle.stat()).size)
  }
  const rename = async (from: string, to: string) => {
    await nodeFiles.rename(from, to)
    synced.set(to, synced.get(from) ?? 0)
    synced.delete(from)
  }
  const wrap = (handle: nodeFiles.FileHandle, path: string) => ({
    stat: () => handle.stat(),
    read: handle.read.bind(handle),
    close: () => handle.close(),
    sync: () => change(() => sync(handle, path, 'sync')),
    datasync: () => change(() => sync(handle, path, 'datasync')),
    truncate: (length: number) => change(() => handle.truncate(length)),
    writeFile: (contents: string) =>
      change(
        () => handle.writeFile(contents),
        () => handle.writeFile(cut(contents)),
      ),
    appendFile: (contents: string) =>
      change(
        () => handle.appendFile(contents),
        () => handle.appendFile(cut(contents)),
      ),
    write: (bytes: Buffer, offset: number, length: number, position: number) =>
      change(
        () => handle.write(bytes, offset, length, position),
        () => handle.write(bytes, offset, Math.floor(length * part), position),
      ),
  })
  const files = {
    readFile: nodeFiles.readFile,
    readdir: nodeFiles.readdir,
    rename: (from: string, to: string) => change(() => rename(from, to)),
    rm: (path: string, options: object) => change(() => nodeFiles.rm(path, options)),
    open: async (path: string, flags: string, mode?: number) => {
      const open = async () => {
        const handle = await nodeFiles.open(path, flags, mode)
        handles.push(handle)
        if (flags === 'w' || (flags !== 'r' && !synced.has(path))) {
          synced.set(path, (await handle.stat()).size)
        }
        return handle
      }
      return wrap(flags === 'r' ? await open() : await change(open), path)
    },
  } as unknown as Files
  return {
    files,
    dead: () => dead,
    async release() {
      for (const [path, length] of powerCut ? synced : []) {
        const found = await nodeFiles.stat(path).catch(() => undefined)
        if (found !== undefined && found.size > length) await nodeFiles.truncate(path, length)
      }
      await Promise.allSettled(handles.map((handle) => handle.close()))
    },
  }
}
