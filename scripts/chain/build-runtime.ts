import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import {
  hashSources,
  MANIFEST_FILE,
  type RuntimeManifest,
  sha256,
  WASM_FILE,
} from '../../shared/chain/devnet/runtime-artifact.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import type { WasmToolchain } from './toolchain.ts'

const TARGET = 'wasm32v1-none'
const CARGO_ARGS = [
  'build',
  '--locked',
  '--release',
  '--package',
  'starling-runtime',
  '--target',
  TARGET,
  '-Zbuild-std=core,alloc',
]
/** What a Substrate executor expects of a runtime: memory from the host, a table and a heap base for it to use. */
const RUNTIME_FLAGS = [
  '--cfg=substrate_runtime',
  '-Clink-arg=--export-table',
  '-Clink-arg=--import-memory',
  '-Clink-arg=--export=__heap_base',
]

type Env = Readonly<Record<string, string | undefined>>

/** A build of the runtime: the wasm, and the manifest that ties it to its sources and compiler. */
export interface RuntimeBuild {
  readonly wasm: Uint8Array
  readonly manifest: RuntimeManifest
}

/**
 * Builds the runtime in `directory`. Paths of this machine are mapped away, so that one compiler gives the same bytes in
 * any folder. Throws `RUNTIME_BUILD_FAILED` when cargo does.
 */
export async function buildRuntime(
  directory: string,
  toolchain: WasmToolchain,
  env: Env,
): Promise<RuntimeBuild> {
  const target = env.CARGO_TARGET_DIR ?? join(directory, 'target')
  const flags = [...RUNTIME_FLAGS, ...remapFlags(directory, target, toolchain, env)]
  await cargo(directory, toolchain, CARGO_ARGS, {
    CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f'),
    CARGO_TARGET_DIR: target,
    CARGO_TARGET_WASM32V1_NONE_LINKER: toolchain.linker,
    // -Zbuild-std is unstable; this lets a stable compiler use it.
    RUSTC_BOOTSTRAP: '1',
  })

  const wasm = await readFile(join(target, TARGET, 'release/starling_runtime.wasm'))
  const manifest: RuntimeManifest = {
    ...(await readVersion(directory)),
    sourceSha256: await hashSources(directory),
    wasmSha256: sha256(wasm),
    rustc: toolchain.version,
    linker: toolchain.linkerVersion,
    polkadotSdk: await readSdkRelease(directory),
    builtWith: `RUSTC_BOOTSTRAP=1 RUSTFLAGS="${RUNTIME_FLAGS.join(' ')}" cargo ${CARGO_ARGS.join(' ')}`,
  }
  return { wasm, manifest }
}

/** Writes a build beside the sources. */
export async function writeRuntime(directory: string, { wasm, manifest }: RuntimeBuild): Promise<void> {
  await writeFile(join(directory, WASM_FILE), wasm)
  await writeFile(join(directory, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** Runs cargo in `directory` with its output on ours. Throws `RUNTIME_BUILD_FAILED` on a non-zero exit. */
export async function cargo(
  directory: string,
  toolchain: { readonly cargo: string; readonly rustc: string },
  args: readonly string[],
  env: Record<string, string>,
): Promise<void> {
  const child = spawn(toolchain.cargo, args, {
    cwd: directory,
    env: { ...process.env, ...env, RUSTC: toolchain.rustc },
    stdio: 'inherit',
  })
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0) {
    throw new StarlingError(
      'RUNTIME_BUILD_FAILED',
      `cargo ${args[0]} exited with ${code}`,
      'see its output above',
    )
  }
}

function remapFlags(directory: string, target: string, toolchain: WasmToolchain, env: Env): string[] {
  const cargoHome = env.CARGO_HOME ?? join(homedir(), '.cargo')
  return [
    `--remap-path-prefix=${directory.replace(/\/$/, '')}=/chain`,
    `--remap-path-prefix=${cargoHome}=/cargo`,
    `--remap-path-prefix=${toolchain.sysroot}=/rust`,
    // Of several that match, the last counts.
    `--remap-path-prefix=${target}=/chain/target`,
  ]
}

async function readVersion(directory: string): Promise<Pick<RuntimeManifest, 'specName' | 'specVersion'>> {
  const source = await readFile(join(directory, 'runtime/src/lib.rs'), 'utf8')
  return {
    specName: capture(source, /spec_name: Cow::Borrowed\("([^"]+)"\)/),
    specVersion: Number(capture(source, /spec_version: (\d+)/)),
  }
}

async function readSdkRelease(directory: string): Promise<string> {
  return capture(await readFile(join(directory, 'Cargo.toml'), 'utf8'), /Polkadot SDK \(([^)]+)\)/)
}

function capture(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1]
  if (found === undefined) {
    throw new StarlingError(
      'RUNTIME_BUILD_FAILED',
      `the sources do not match ${pattern}`,
      'restore them from git',
    )
  }
  return found
}
