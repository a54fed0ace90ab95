import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  hashSources,
  listSources,
  type RuntimeManifest,
  readRuntime,
} from '../../shared/chain/devnet/runtime-artifact.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import { buildRuntime } from './build-runtime.ts'
import type { WasmToolchain } from './toolchain.ts'

type Env = Readonly<Record<string, string | undefined>>

/** What a second build said of the committed wasm. */
export interface Verdict {
  /** `equal`: the same bytes. `unknown`: other bytes, from another compiler or linker, which proves nothing. */
  readonly kind: 'equal' | 'unknown'
  /** One line for a person. */
  readonly text: string
}

/**
 * Builds the sources in `directory` once more, in a folder of its own, and compares the result with the committed wasm.
 *
 * Throws `RUNTIME_OUTDATED` when the sources are not those of the committed wasm, `RUNTIME_NOT_REPRODUCED` when the same
 * compiler and linker make other bytes of them, and what reading and building throw.
 */
export async function checkRuntime(directory: string, toolchain: WasmToolchain, env: Env): Promise<Verdict> {
  const { manifest } = await readRuntime(directory)
  if ((await hashSources(directory)) !== manifest.sourceSha256) {
    throw new StarlingError(
      'RUNTIME_OUTDATED',
      `the sources in ${directory} are not those that the committed wasm was built from`,
      'run npm run chain:build',
    )
  }
  const elsewhere = await mkdtemp(join(tmpdir(), 'starling-chain-'))
  try {
    for (const path of await listSources(directory)) {
      await mkdir(join(elsewhere, dirname(path)), { recursive: true })
      await copyFile(join(directory, path), join(elsewhere, path))
    }
    const own = join(elsewhere, 'target')
    const { manifest: built } = await buildRuntime(elsewhere, toolchain, { ...env, CARGO_TARGET_DIR: own })
    return judge(manifest, built)
  } finally {
    await rm(elsewhere, { recursive: true, force: true })
  }
}

function judge(committed: RuntimeManifest, built: RuntimeManifest): Verdict {
  if (built.wasmSha256 === committed.wasmSha256) {
    return { kind: 'equal', text: `the same bytes: sha256 ${built.wasmSha256}, ${toolsOf(built)}` }
  }
  const sameTools =
    built.rustc === committed.rustc && (committed.linker === undefined || built.linker === committed.linker)
  if (!sameTools) {
    const text = `built with ${toolsOf(built)}, committed with ${toolsOf(committed)}: bytes may differ, and they do`
    return { kind: 'unknown', text }
  }
  throw new StarlingError(
    'RUNTIME_NOT_REPRODUCED',
    `${toolsOf(built)} makes sha256 ${built.wasmSha256} of these sources, the committed wasm is ${committed.wasmSha256}`,
    'do not trust the committed wasm before the cause is known; npm run chain:build replaces it',
  )
}

function toolsOf({ rustc, linker }: RuntimeManifest): string {
  return linker === undefined ? rustc : `${rustc} and ${linker}`
}
