import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Everything that the suite writes lies in one folder, which goes with it, whatever a killed process left behind. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'starling-tests-'))
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
