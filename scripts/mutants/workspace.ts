import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { StarlingError } from '../../shared/process/errors.ts'
import type { Mutant } from '../../test/mutants/mutant.ts'

/** A copy of the working tree in which one mutant at a time may stand. */
export interface Workspace {
  readonly folder: string
  /** @returns puts the file back */
  apply(mutant: Mutant): () => void
  remove(): void
}

/** Copies what git knows of or would take; packages are linked. */
export function createWorkspace(root: string): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'starling-mutants-'))
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean)
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    cpSync(join(root, file), join(folder, file), { force: true })
  }
  symlinkSync(resolve(root, 'node_modules'), join(folder, 'node_modules'))
  return {
    folder,
    apply(mutant) {
      const path = join(folder, mutant.file)
      const original = readFileSync(path, 'utf8')
      writeFileSync(path, mutate(original, mutant))
      return () => writeFileSync(path, original)
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** @throws StarlingError MUTANT_STALE where the text that it replaces isn't there once */
export function mutate(source: string, { name, file, find, replace }: Mutant): string {
  const parts = source.split(find)
  if (parts.length === 2) return parts.join(replace)
  throw new StarlingError(
    'MUTANT_STALE',
    `mutant “${name}” finds its text ${parts.length - 1} times in ${file}`,
    'bring it up to date in test/mutants',
  )
}
