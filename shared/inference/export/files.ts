import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StarlingError } from '../../process/errors.ts'

/** A file of an exported model; `path` is relative to the folder that it goes to. */
export interface ExportedFile {
  readonly path: string
  readonly bytes: Uint8Array
}

export function textFile(path: string, text: string): ExportedFile {
  return { path, bytes: new TextEncoder().encode(text) }
}

export function jsonFile(path: string, value: unknown): ExportedFile {
  return textFile(path, `${JSON.stringify(value, null, 2)}\n`)
}

/** Writes files below a folder, over what is there. Throws EXPORT_UNWRITABLE. */
export async function writeFiles(folder: string, files: readonly ExportedFile[]): Promise<void> {
  for (const { path, bytes } of files) {
    const target = join(folder, path)
    try {
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, bytes)
    } catch (cause) {
      throw new StarlingError(
        'EXPORT_UNWRITABLE',
        `can't write ${target}`,
        'choose another folder with --out',
        {
          cause,
        },
      )
    }
  }
}
