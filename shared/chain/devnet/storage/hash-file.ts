import type { FileHandle } from 'node:fs/promises'
import { type Hex, toHex } from '../runtime/scale.ts'
import type { Files } from './files.ts'

const HASH_BYTES = 32

/** Hashes of all blocks that have left the segments, 32 bytes each, by block number: `blockHash` never forgets. */
export interface HashFile {
  /** How many there are: those of blocks 0 to `count - 1`. */
  readonly count: number
  /** Writes hashes of consecutive blocks, the first of them of block `from`, and syncs. Again is the same as once. */
  write(from: number, hashes: readonly Hex[]): Promise<void>
  read(number: number): Promise<Hex | undefined>
  close(): Promise<void>
}

export async function openHashFile(files: Files, path: string): Promise<HashFile> {
  const handle = await openOrMake(files, path)
  let count: number
  try {
    count = Math.floor((await handle.stat()).size / HASH_BYTES)
  } catch (error) {
    await handle.close()
    throw error
  }
  return {
    get count() {
      return count
    },
    async write(from, hashes) {
      const bytes = Buffer.from(hashes.map((hash) => hash.slice(2)).join(''), 'hex')
      const { bytesWritten } = await handle.write(bytes, 0, bytes.length, from * HASH_BYTES)
      if (bytesWritten < bytes.length) throw new Error('the disk took only a part of the hashes')
      await handle.datasync()
      count = Math.max(count, from + hashes.length)
    },
    async read(number) {
      if (number < 0 || number >= count) return undefined
      const bytes = Buffer.alloc(HASH_BYTES)
      await handle.read(bytes, 0, HASH_BYTES, number * HASH_BYTES)
      return toHex(bytes)
    },
    close: () => handle.close(),
  }
}

async function openOrMake(files: Files, path: string): Promise<FileHandle> {
  try {
    return await files.open(path, 'r+')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return files.open(path, 'w+', 0o600)
    }
    throw error
  }
}
