import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { StarlingError } from '../../shared/process/errors.ts'

const run = promisify(execFile)

/** rustc 1.84 is the first that knows wasm32v1-none. */
const OLDEST_MINOR = 84

/** A cargo and a rustc that belong together. */
export interface Toolchain {
  readonly cargo: string
  readonly rustc: string
  /** First line of `rustc --version`. */
  readonly version: string
  readonly sysroot: string
  /** Host triple, e.g. x86_64-unknown-linux-gnu. */
  readonly host: string
}

/** A toolchain that can also build core and alloc for wasm32v1-none, and link the result. */
export interface WasmToolchain extends Toolchain {
  readonly linker: string
  /** First line of the linker's `--version`. */
  readonly linkerVersion: string
}

type Env = Readonly<Record<string, string | undefined>>

const INSTALL_HINT =
  'install it with "apt-get install rustc-web cargo-web rust-web-src lld-19" (Debian) or ' +
  '"rustup toolchain install stable --component rust-src", or set STARLING_CARGO and STARLING_RUSTC'

/**
 * The first Rust toolchain that works: `STARLING_CARGO` with `STARLING_RUSTC`, the distribution's in /usr/bin, then the
 * one in PATH. Throws `RUST_MISSING` when there is none.
 */
export async function findToolchain(env: Env): Promise<Toolchain> {
  const { found, problems } = await probe(env)
  const first = found[0]
  if (first === undefined) {
    throw new StarlingError('RUST_MISSING', `no Rust toolchain: ${problems.join(', ')}`, INSTALL_HINT)
  }
  return first
}

/**
 * The first toolchain that has the sources of core and alloc, with a linker for wasm. Throws `RUST_MISSING` when no
 * toolchain has the sources, `WASM_LINKER_MISSING` when nothing can link.
 */
export async function findWasmToolchain(env: Env): Promise<WasmToolchain> {
  const { found, problems } = await probe(env)
  for (const toolchain of found) {
    const sources = join(toolchain.sysroot, 'lib/rustlib/src/rust/library/alloc/Cargo.toml')
    if (!(await exists(sources))) {
      problems.push(`${toolchain.rustc} (${toolchain.version}) lacks the sources of core and alloc`)
      continue
    }
    const linker = await findLinker(toolchain, env)
    return { ...toolchain, linker, linkerVersion: await versionOf(linker) }
  }
  throw new StarlingError(
    'RUST_MISSING',
    `no Rust toolchain that can build wasm32v1-none: ${problems.join(', ')}`,
    INSTALL_HINT,
  )
}

async function probe(env: Env): Promise<{ found: Toolchain[]; problems: string[] }> {
  const found: Toolchain[] = []
  const problems: string[] = []
  for (const [cargo, rustc] of candidates(env)) {
    const result = await describe(cargo, rustc)
    if (typeof result === 'string') problems.push(result)
    else found.push(result)
  }
  return { found, problems }
}

function candidates(env: Env): [string, string][] {
  const { STARLING_CARGO: cargo, STARLING_RUSTC: rustc } = env
  if (cargo !== undefined || rustc !== undefined) return [[cargo ?? 'cargo', rustc ?? 'rustc']]
  return [
    ['/usr/bin/cargo', '/usr/bin/rustc'],
    ['cargo', 'rustc'],
  ]
}

async function describe(cargo: string, rustc: string): Promise<Toolchain | string> {
  try {
    const verbose = (await run(rustc, ['--version', '--verbose'])).stdout
    const version = verbose.split('\n', 1)[0] ?? ''
    const minor = Number(/^rustc 1\.(\d+)/.exec(version)?.[1] ?? 0)
    if (minor < OLDEST_MINOR) return `${rustc} is ${version}, older than 1.${OLDEST_MINOR}`
    await run(cargo, ['--version'])
    const sysroot = (await run(rustc, ['--print', 'sysroot'])).stdout.trim()
    const host = /^host: (.+)$/m.exec(verbose)?.[1] ?? ''
    return { cargo, rustc, version, sysroot, host }
  } catch {
    return `${cargo} with ${rustc} does not run`
  }
}

async function findLinker(toolchain: Toolchain, env: Env): Promise<string> {
  const names = ['wasm-ld', 'wasm-ld-19', 'wasm-ld-20', 'wasm-ld-21', 'wasm-ld-22']
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const places = [
    join(toolchain.sysroot, 'lib/rustlib', toolchain.host, 'bin/gcc-ld/wasm-ld'),
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
  ]
  const chosen = env.STARLING_WASM_LD
  for (const place of chosen === undefined ? places : [chosen]) {
    if (await exists(place)) return place
  }
  throw new StarlingError(
    'WASM_LINKER_MISSING',
    chosen === undefined ? 'no wasm-ld found' : `STARLING_WASM_LD names ${chosen}, which does not exist`,
    'install it with "apt-get install lld-19", or set STARLING_WASM_LD to its path',
  )
}

async function versionOf(linker: string): Promise<string> {
  try {
    return (await run(linker, ['--version'])).stdout.split('\n', 1)[0] ?? ''
  } catch (cause) {
    const message = `${linker} does not run`
    throw new StarlingError('WASM_LINKER_MISSING', message, 'set STARLING_WASM_LD to a wasm-ld', { cause })
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
