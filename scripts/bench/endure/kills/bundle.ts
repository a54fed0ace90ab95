import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'

const PROJECT = join(import.meta.dirname, '..', '..', '..', '..')

/** Packages in CommonJS that are bundled into a module still ask for `require`. */
const BANNER =
  "import { createRequire as createBundledRequire } from 'node:module'; const require = createBundledRequire(import.meta.url);"

/**
 * Writes the validator, and the child that it computes in, as one file each: a start takes a seventh of the time then, and a process
 * that is killed spends its life in rounds.
 * @param folder in which the project’s packages are found
 * @returns the program
 */
export async function bundleValidator(folder: string): Promise<string> {
  const esbuild = createRequire(import.meta.url).resolve('esbuild/bin/esbuild')
  const entries = { validator: 'validator/main.ts', child: 'shared/inference/engine/child.ts' }
  await promisify(execFile)(
    esbuild,
    [
      ...Object.entries(entries).map(([name, path]) => `${name}=${join(PROJECT, path)}`),
      ...[`--outdir=${folder}`, '--out-extension:.js=.mjs', '--bundle', '--platform=node', '--format=esm'],
      ...['--target=node20', '--external:onnxruntime-node', `--banner:js=${BANNER}`, '--log-level=warning'],
    ],
    { cwd: PROJECT },
  )
  const program = join(folder, 'validator.mjs')
  // The child is named by its source.
  const text = await readFile(program, 'utf8')
  await writeFile(program, text.replaceAll('"./child.ts"', '"./child.mjs"'))
  return program
}
