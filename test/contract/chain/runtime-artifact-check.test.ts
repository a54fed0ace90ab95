import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildRuntime, writeRuntime } from '../../../scripts/chain/build-runtime.ts'
import { checkRuntime } from '../../../scripts/chain/check-runtime.ts'
import type { WasmToolchain } from '../../../scripts/chain/toolchain.ts'
import { readRuntime } from '../../../shared/chain/devnet/runtime-artifact.ts'

let folder: string
let chain: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-check-'))
  chain = join(folder, 'chain')
  await mkdir(join(chain, 'runtime/src'), { recursive: true })
  await writeFile(join(chain, 'Cargo.toml'), '# Polkadot SDK (2609.2.0)\n')
  await writeFile(
    join(chain, 'runtime/src/lib.rs'),
    'spec_name: Cow::Borrowed("starling"), spec_version: 7,\n',
  )
  const built = await buildRuntime(chain, await compiler('A', 'wasm A'), env())
  await writeRuntime(chain, built)
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** Everything that a build takes from the environment. */
const env = () => ({ CARGO_HOME: join(folder, 'cargo-home') })

/** A compiler that makes `output` of any sources; `$PWD` in it is the folder that it runs in. */
async function compiler(version: string, output: string, linker = 'LLD 19'): Promise<WasmToolchain> {
  const cargo = join(folder, `cargo-${version}`)
  const place = '"$CARGO_TARGET_DIR/wasm32v1-none/release"'
  const lines = ['#!/bin/sh', `mkdir -p ${place}`, `printf '%s' "${output}" > ${place}/starling_runtime.wasm`]
  await writeFile(cargo, `${lines.join('\n')}\n`)
  await chmod(cargo, 0o755)
  const rustc = 'rustc'
  return {
    cargo,
    rustc,
    version: `rustc ${version}`,
    sysroot: '/sys',
    host: 'h',
    linker: 'ld',
    linkerVersion: linker,
  }
}

describe('checking the committed wasm', () => {
  it('says that a second build has the same bytes, and writes nothing', async () => {
    const before = await readdir(chain, { recursive: true })
    const verdict = await checkRuntime(chain, await compiler('A', 'wasm A'), env())
    expect(verdict).toMatchObject({ kind: 'equal', text: expect.stringContaining('rustc A and LLD 19') })
    expect(await readdir(chain, { recursive: true })).toEqual(before)
    expect(new TextDecoder().decode((await readRuntime(chain)).wasm)).toBe('wasm A')
  })

  it('names another compiler as such, and calls it nothing else', async () => {
    const verdict = await checkRuntime(chain, await compiler('B', 'wasm B'), env())
    expect(verdict).toEqual({
      kind: 'unknown',
      text: 'built with rustc B and LLD 19, committed with rustc A and LLD 19: bytes may differ, and they do',
    })
  })

  it('names another linker, too', async () => {
    const verdict = await checkRuntime(chain, await compiler('A', 'wasm B', 'LLD 20'), env())
    expect(verdict).toMatchObject({ kind: 'unknown', text: expect.stringContaining('rustc A and LLD 20') })
  })

  it('fails when the recorded compiler makes other bytes', async () => {
    await expect(checkRuntime(chain, await compiler('A', 'wasm C'), env())).rejects.toMatchObject({
      code: 'RUNTIME_NOT_REPRODUCED',
      message: expect.stringMatching(/^rustc A and LLD 19 makes sha256 [0-9a-f]{64} of these sources/),
    })
  })

  it('builds elsewhere, so that a wasm that knows its folder is found out', async () => {
    await writeRuntime(chain, await buildRuntime(chain, await compiler('A', 'in $PWD'), env()))
    await expect(checkRuntime(chain, await compiler('A', 'in $PWD'), env())).rejects.toMatchObject({
      code: 'RUNTIME_NOT_REPRODUCED',
    })
  })

  it('does not compare with a wasm of other sources', async () => {
    await writeFile(join(chain, 'runtime/src/more.rs'), '')
    await expect(checkRuntime(chain, await compiler('A', 'wasm A'), env())).rejects.toMatchObject({
      code: 'RUNTIME_OUTDATED',
      remedy: 'run npm run chain:build',
    })
  })
})

describe('building the runtime', () => {
  it('maps every folder of the machine away, and records what it was built with', async () => {
    const { wasm, manifest } = await buildRuntime(
      chain,
      await compiler('A', '$CARGO_ENCODED_RUSTFLAGS'),
      env(),
    )
    const flags = new TextDecoder().decode(wasm).split('\x1f')
    const remaps = [
      [chain, '/chain'],
      [join(folder, 'cargo-home'), '/cargo'],
      ['/sys', '/rust'],
      [join(chain, 'target'), '/chain/target'],
    ]
    expect(flags.slice(-4)).toEqual(remaps.map(([from, to]) => `--remap-path-prefix=${from}=${to}`))
    expect(manifest).toMatchObject({
      specVersion: 7,
      rustc: 'rustc A',
      linker: 'LLD 19',
      polkadotSdk: '2609.2.0',
    })
  })
})
