import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { unservable } from './unservable.ts'

/** Tokenizers of large vocabularies have some tens of megabytes. */
const MOST_BYTES = 128 * 2 ** 20

/** A text file of the folder; undefined where there is none. */
export async function readTextFile(folder: string, name: string): Promise<string | undefined> {
  try {
    const path = join(folder, name)
    const { size } = await stat(path)
    if (size > MOST_BYTES) throw unservable(folder, `has a ${name} of ${size} bytes`)
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** A JSON file of the folder, checked; undefined where there is none. Throws MODEL_UNSERVABLE naming what is wrong in it. */
export async function readJsonFile<Schema extends z.ZodType>(
  folder: string,
  name: string,
  schema: Schema,
): Promise<z.infer<Schema> | undefined> {
  const text = await readTextFile(folder, name)
  if (text === undefined) return undefined
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw unservable(folder, `has a ${name} that is not JSON`)
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw unservable(folder, `has a ${name} that says ${issue?.path.join('.')}: ${issue?.message}`)
}
