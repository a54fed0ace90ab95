import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Bytes of the files that lie in a state folder itself; published rounds lie in a folder of their own. */
export function stateBytes(folder: string): number {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
  return files.reduce(
    (sum, { name }) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
}
