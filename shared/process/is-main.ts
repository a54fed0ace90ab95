import { realpathSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

/** Whether a module, by its `import.meta.url`, is the program that Node was started with, rather than a part of another. */
export function isMain(url: string): boolean {
  const entry = process.argv[1]
  if (entry === undefined) return false
  try {
    return pathToFileURL(realpathSync(entry)).href === url
  } catch {
    return false
  }
}
