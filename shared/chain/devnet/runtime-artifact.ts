import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { StarlingError } from '../../process/errors.ts'

/** Folder with the runtime's Rust sources, the wasm built from them, and the manifest that ties the two together. */
export const CHAIN_DIR = fileURLToPath(new URL('../../../chain/', import.meta.url))
export const WASM_FILE = 'starling-runtime.wasm'
export const MANIFEST_FILE = 'starling-runtime.json'

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/)

const manifestSchema = z.object({
  specName: z.string(),
  specVersion: z.number().int().nonnegative(),
  sourceSha256: sha256Hex,
  wasmSha256: sha256Hex,
  rustc: z.string(),
  /** Absent from manifests written before it was recorded. */
  linker: z.string().optional(),
  polkadotSdk: z.string(),
  builtWith: z.string(),
})

/** What the committed wasm is, which sources it came from, and what built it. */
export type RuntimeManifest = z.infer<typeof manifestSchema>

/**
 * The committed runtime and its manifest, read from `directory`.
 *
 * Throws `RUNTIME_MISSING` when a file is absent, `RUNTIME_MANIFEST_INVALID` when the manifest does not parse and
 * `RUNTIME_DAMAGED` when the wasm is not the one that the manifest names.
 */
export async function readRuntime(
  directory: string = CHAIN_DIR,
): Promise<{ wasm: Uint8Array; manifest: RuntimeManifest }> {
  const wasm = new Uint8Array(await readOrThrow(join(directory, WASM_FILE)))
  const manifest = parseManifest(await readOrThrow(join(directory, MANIFEST_FILE)))
  const found = sha256(wasm)
  if (found !== manifest.wasmSha256) {
    throw new StarlingError(
      'RUNTIME_DAMAGED',
      `${WASM_FILE} has sha256 ${found}, the manifest says ${manifest.wasmSha256}`,
      'restore both files from git or run npm run chain:build',
    )
  }
  return { wasm, manifest }
}

/**
 * sha256 (hex) over the runtime's sources: every `.rs` file, `Cargo.toml` and `Cargo.lock` below `directory`, sorted by
 * path, without build outputs and tests. Each file adds `path NUL length NUL contents`, so that moving a byte from one
 * file to the next changes the hash.
 */
export async function hashSources(directory: string = CHAIN_DIR): Promise<string> {
  const hash = createHash('sha256')
  for (const path of await listSources(directory)) {
    const contents = await readFile(join(directory, path))
    hash.update(`${path}\0${contents.length}\0`).update(contents)
  }
  return hash.digest('hex')
}

/** sha256 of bytes as lower-case hex without prefix. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Paths of the runtime's sources below `directory`, sorted, with `/` between folders. */
export async function listSources(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => /(\.rs|(^|\/)Cargo\.(toml|lock))$/.test(path) && !/^target\/|\/tests\//.test(path))
    .sort()
}

function parseManifest(bytes: Uint8Array): RuntimeManifest {
  try {
    return manifestSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch (cause) {
    throw new StarlingError(
      'RUNTIME_MANIFEST_INVALID',
      `${MANIFEST_FILE} is not a runtime manifest`,
      'restore it from git or run npm run chain:build',
      { cause },
    )
  }
}

async function readOrThrow(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new StarlingError(
      'RUNTIME_MISSING',
      `cannot read ${path}`,
      'restore it from git or run npm run chain:build',
      { cause },
    )
  }
}
