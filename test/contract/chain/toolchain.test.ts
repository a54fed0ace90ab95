import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findToolchain, findWasmToolchain } from '../../../scripts/chain/toolchain.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-toolchain-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

async function script(name: string, body: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `#!/bin/sh\n${body}\n`)
  await chmod(path, 0o755)
  return path
}

/** A compiler that only tells about itself. */
async function toolchain(version: string) {
  const about = `rustc ${version} (0123456 2026-01-01)\nhost: test-host`
  return {
    STARLING_CARGO: await script('cargo', 'echo cargo'),
    STARLING_RUSTC: await script(
      'rustc',
      `if [ "$1" = --print ]; then echo '${folder}'; else printf '%s\\n' '${about}'; fi`,
    ),
  }
}

async function addSources() {
  const alloc = join(folder, 'lib/rustlib/src/rust/library/alloc')
  await mkdir(alloc, { recursive: true })
  await writeFile(join(alloc, 'Cargo.toml'), '')
}

describe('findToolchain', () => {
  it('takes the one that the environment names', async () => {
    const env = await toolchain('1.96.0')
    expect(await findToolchain(env)).toMatchObject({
      rustc: env.STARLING_RUSTC,
      version: 'rustc 1.96.0 (0123456 2026-01-01)',
      host: 'test-host',
    })
  })

  it('says that a compiler does not run, and how to get one', async () => {
    const missing = { STARLING_RUSTC: join(folder, 'nothing') }
    await expect(findToolchain(missing)).rejects.toMatchObject({
      code: 'RUST_MISSING',
      message: expect.stringContaining(missing.STARLING_RUSTC),
      remedy: expect.stringContaining('apt-get install rustc-web'),
    })
  })

  it('says that a compiler is too old', async () => {
    await expect(findToolchain(await toolchain('1.83.0'))).rejects.toMatchObject({
      code: 'RUST_MISSING',
      message: expect.stringContaining('older than 1.84'),
    })
  })
})

describe('findWasmToolchain', () => {
  it('says that the sources of core and alloc are missing', async () => {
    await expect(findWasmToolchain(await toolchain('1.96.0'))).rejects.toMatchObject({
      code: 'RUST_MISSING',
      message: expect.stringContaining('lacks the sources of core and alloc'),
    })
  })

  it('says that the linker is missing', async () => {
    await addSources()
    const env = { ...(await toolchain('1.96.0')), PATH: folder }
    await expect(findWasmToolchain(env)).rejects.toMatchObject({
      code: 'WASM_LINKER_MISSING',
      remedy: expect.stringContaining('lld'),
    })
  })

  it('finds a linker in PATH', async () => {
    await addSources()
    const linker = await script('wasm-ld', '')
    const env = { ...(await toolchain('1.96.0')), PATH: folder }
    expect(await findWasmToolchain(env)).toMatchObject({ linker })
  })
})
