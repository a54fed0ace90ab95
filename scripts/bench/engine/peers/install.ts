import { execFile } from 'node:child_process'
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { StarlingError } from '../../../../shared/process/errors.ts'

const CACHE = join(import.meta.dirname, '../../../../node_modules/.cache/starling-bench')
const INSTALL_TIMEOUT_MS = 600_000

/** What `npm install --json` prints when it fails. */
const summarySchema = z.object({ error: z.object({ summary: z.string() }) })

/** An npm package that is measured beside us, at an exact version. */
export interface PeerPackage {
  readonly name: string
  readonly version: string
  /** Installed with it in place of all its optional packages, such as the binary of this platform only. */
  readonly onlyOptional?: readonly string[]
}

/**
 * Installs a peer into a folder of its own, once, and returns the folder. Scripts don't run, so nothing is fetched from
 * elsewhere than the registry. Throws PEER_UNAVAILABLE.
 */
export async function installPeer(
  { name, version, onlyOptional }: PeerPackage,
  cache = CACHE,
): Promise<string> {
  const folder = join(cache, `${name.replaceAll(/[@/]+/g, '-').replace(/^-/, '')}-${version}`)
  if (await exists(folder)) return folder
  // Installed beside and renamed, so that a folder of that name is whole.
  const partial = `${folder}.partial-${process.pid}`
  await mkdir(partial, { recursive: true })
  await writeFile(join(partial, 'package.json'), '{ "private": true }\n')
  const packages = [`${name}@${version}`, ...(onlyOptional ?? [])]
  const omit = onlyOptional === undefined ? [] : ['--omit=optional']
  const flags = [
    '--prefix',
    partial,
    '--json',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-package-lock',
    ...omit,
  ]
  try {
    await promisify(execFile)('npm', ['install', ...flags, ...packages], {
      cwd: partial,
      timeout: INSTALL_TIMEOUT_MS,
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
    })
    await rename(partial, folder)
  } catch (cause) {
    await rm(partial, { recursive: true, force: true })
    if (await exists(folder)) return folder
    throw new StarlingError(
      'PEER_UNAVAILABLE',
      `can't install ${name}@${version}: ${reason(cause)}`,
      'let npm reach its registry, or read the other figures without this peer',
      { cause },
    )
  }
  return folder
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** npm's own summary where it has one; the first line of what failed otherwise. */
function reason(cause: unknown): string {
  const { stdout = '', message } = cause as { stdout?: string; message: string }
  const said = summarySchema.safeParse(parsed(stdout))
  return (said.success ? said.data.error.summary : message).split('\n')[0]!
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
