import type * as fs from 'node:fs/promises'
import { dirname } from 'node:path'

/** What the storage needs of the file system; passed in, so that a test can stop it after any step. */
export type Files = Pick<typeof fs, 'open' | 'readFile' | 'readdir' | 'rename' | 'rm'>

/** Writes a file so that after a crash at any moment the old one or the new one is there, never a mixture or a part. */
export async function replaceFile(files: Files, path: string, contents: string | Uint8Array): Promise<void> {
  const aside = `${path}.new`
  const handle = await files.open(aside, 'w', 0o600)
  try {
    await handle.writeFile(contents)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await files.rename(aside, path)
  await syncFolder(files, dirname(path))
}

/** Makes the names in a folder outlive a power cut, as `sync` on a file does with its contents. */
export async function syncFolder(files: Files, folder: string): Promise<void> {
  const handle = await files.open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The contents of a file; undefined when there is none. */
export async function readIfThere(files: Files, path: string): Promise<Buffer | undefined> {
  try {
    return await files.readFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
