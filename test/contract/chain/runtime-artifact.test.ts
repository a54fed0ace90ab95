import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  CHAIN_DIR,
  hashSources,
  MANIFEST_FILE,
  readRuntime,
  WASM_FILE,
} from '../../../shared/chain/devnet/runtime-artifact.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-runtime-'))
  for (const file of [WASM_FILE, MANIFEST_FILE]) await copyFile(join(CHAIN_DIR, file), join(folder, file))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the committed runtime', () => {
  it('is the wasm that its manifest names', async () => {
    const { wasm, manifest } = await readRuntime()
    expect(wasm.subarray(0, 4)).toEqual(Uint8Array.of(0, 0x61, 0x73, 0x6d))
    expect(manifest.specName).toBe('starling')
  })

  it('was built from the committed sources', async () => {
    const { manifest } = await readRuntime()
    expect(await hashSources(), 'run npm run chain:build').toBe(manifest.sourceSha256)
  })

  it('is small enough for quick blocks', async () => {
    expect((await readRuntime()).wasm.length).toBeLessThan(1_500_000)
  })

  it('names no folder of the machine that built it', async () => {
    const text = new TextDecoder('latin1').decode((await readRuntime()).wasm)
    expect(text).not.toMatch(/\/(root|home|tmp|work|usr\/lib)\//)
  })
})

describe('readRuntime', () => {
  it('refuses a damaged wasm', async () => {
    const bytes = await readFile(join(folder, WASM_FILE))
    bytes[1_000] = bytes[1_000]! ^ 1
    await writeFile(join(folder, WASM_FILE), bytes)
    await expect(readRuntime(folder)).rejects.toMatchObject({ code: 'RUNTIME_DAMAGED' })
  })

  it('refuses a manifest that is none', async () => {
    await writeFile(join(folder, MANIFEST_FILE), '{"specName":"starling"}')
    await expect(readRuntime(folder)).rejects.toMatchObject({ code: 'RUNTIME_MANIFEST_INVALID' })
  })

  it('names the file that is missing', async () => {
    await rm(join(folder, WASM_FILE))
    await expect(readRuntime(folder)).rejects.toMatchObject({
      code: 'RUNTIME_MISSING',
      message: expect.stringContaining(WASM_FILE),
    })
  })
})

describe('hashSources', () => {
  it('sees content, names and order, and neither tests nor build outputs', async () => {
    const write = async (path: string, text: string) => {
      await mkdir(join(folder, path, '..'), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    await write('runtime/src/a.rs', 'fn a() {}')
    await write('runtime/src/b.rs', '')
    const before = await hashSources(folder)
    await write('target/release/c.rs', 'fn c() {}')
    await write('runtime/src/tests/d.rs', 'fn d() {}')
    expect(await hashSources(folder)).toBe(before)

    await write('runtime/src/a.rs', '')
    await write('runtime/src/b.rs', 'fn a() {}')
    const swapped = await hashSources(folder)
    expect(swapped).not.toBe(before)
    await write('Cargo.lock', 'version = 4')
    expect(await hashSources(folder)).not.toBe(swapped)
  })
})
