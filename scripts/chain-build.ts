import { Command } from 'commander'
import { CHAIN_DIR, WASM_FILE } from '../shared/chain/devnet/runtime-artifact.ts'
import { describeError } from '../shared/process/errors.ts'
import { buildRuntime } from './chain/build-runtime.ts'
import { findWasmToolchain } from './chain/toolchain.ts'

new Command('chain:build')
  .description(
    'Rebuild the FRAME runtime in chain/ as wasm, and write the manifest that ties it to its sources',
  )
  .addHelpText(
    'after',
    '\nEnvironment: STARLING_CARGO and STARLING_RUSTC choose the toolchain, STARLING_WASM_LD the linker.',
  )
  .parse()

try {
  const toolchain = await findWasmToolchain(process.env)
  const manifest = await buildRuntime(CHAIN_DIR, toolchain, process.env)
  console.log(`${WASM_FILE} ${manifest.wasmSha256}, spec ${manifest.specVersion}, ${manifest.rustc}`)
} catch (error) {
  console.error(describeError(error))
  process.exitCode = 1
}
