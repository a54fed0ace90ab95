import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { StarlingError } from '../process/errors.ts'
import { createNonceStore, type NonceStore, type NonceStoreOptions } from './nonce-store.ts'

export interface NonceFileOptions extends Omit<NonceStoreOptions, 'floors'> {
  /** One file for each listener; its process alone may have it open. */
  readonly path: string
}

/** A store whose nonces stay used when the process, or the machine, starts again. */
export interface NonceFile extends NonceStore {
  close(): void
}

/** Bytes after which the file is written anew, with one line for each hotkey. */
const LARGE_BYTES = 1024 * 1024

/**
 * A line for each accepted nonce, `hotkey nonce`, on the disk before the upgrade is answered. After a restart a hotkey's nonces must be
 * higher than any of its own in the file. No clock has a say in that, so none that was set back can undo it.
 * @throws StarlingError NONCES_UNREADABLE, NONCES_DAMAGED, NONCES_UNWRITABLE
 */
export function openNonceFile({ path, ...options }: NonceFileOptions): NonceFile {
  const highest = readHighest(path)
  const store = createNonceStore({ ...options, floors: highest })
  let file = attempt(path, () => rewrite(path, highest))

  function append(hotkey: string, nonce: string): void {
    if (file.size > LARGE_BYTES) {
      closeSync(file.descriptor)
      file = rewrite(path, highest)
    }
    const line = Buffer.from(`${hotkey} ${nonce}\n`)
    // A line that was cut short by a full disk lies beyond `size`, and the next one is written over it.
    const written = writeSync(file.descriptor, line, 0, line.length, file.size)
    if (written < line.length) throw new Error('the disk is full')
    fdatasyncSync(file.descriptor)
    file = { ...file, size: file.size + line.length }
  }

  return {
    accept(hotkey, nonce, now) {
      const verdict = store.accept(hotkey, nonce, now)
      if (verdict !== 'fresh') return verdict
      const value = BigInt(nonce)
      if (value > (highest.get(hotkey) ?? 0n)) highest.set(hotkey, value)
      attempt(path, () => append(hotkey, nonce))
      return 'fresh'
    },
    close: () => closeSync(file.descriptor),
  }
}

/** What is behind the last end of a line was never answered for. */
function readHighest(path: string): Map<string, bigint> {
  const highest = new Map<string, bigint>()
  const lines = readText(path).split('\n').slice(0, -1)
  for (const [index, line] of lines.entries()) {
    const [, hotkey, digits] = /^([1-9A-HJ-NP-Za-km-z]{40,60}) (\d{1,20})$/.exec(line) ?? []
    if (hotkey === undefined || digits === undefined) {
      throw new StarlingError(
        'NONCES_DAMAGED',
        `line ${index + 1} of ${path} is not a hotkey and a nonce`,
        'delete the file, wait 15 seconds, and start again',
      )
    }
    const nonce = BigInt(digits)
    if (nonce > (highest.get(hotkey) ?? 0n)) highest.set(hotkey, nonce)
  }
  return highest
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return ''
    const remedy = 'make it readable for the user that runs this program'
    throw new StarlingError('NONCES_UNREADABLE', `cannot read ${path}: ${code}`, remedy, { cause })
  }
}

/** The old file stands until the new one does. */
function rewrite(path: string, highest: ReadonlyMap<string, bigint>): { descriptor: number; size: number } {
  const text = [...highest].map(([hotkey, nonce]) => `${hotkey} ${nonce}\n`).join('')
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${path}.new`, text, { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
  const descriptor = openSync(folder, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
  return { descriptor: openSync(path, 'r+'), size: Buffer.byteLength(text) }
}

function attempt<T>(path: string, write: () => T): T {
  try {
    return write()
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw new StarlingError(
      'NONCES_UNWRITABLE',
      `cannot write ${path}: ${code ?? message}`,
      'free some disk space or make its folder writable; no peer is let in until then',
      { cause },
    )
  }
}
