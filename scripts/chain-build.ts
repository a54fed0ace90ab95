import { Command } from 'commander'
import { CHAIN_DIR, WASM_FILE } from '../shared/chain/devnet/runtime-artifact.ts'
import { runCli } from '../shared/process/cli.ts'
import { buildRuntime, writeRuntime } from './chain/build-runtime.ts'
import { checkRuntime } from './chain/check-runtime.ts'
import { findWasmToolchain } from './chain/toolchain.ts'

/** Exit code of a check by another compiler, whose bytes prove nothing either way. */
const EXIT_UNKNOWN = 3

const command = new Command('chain:build')
  .description(
    'Rebuild the FRAME runtime in chain/ as wasm, and write the manifest that ties it to its sources',
  )
  .option('--check', 'write nothing: build in another folder and compare with the committed wasm', false)
  .addHelpText(
    'after',
    [
      '',
      'Environment: STARLING_CARGO and STARLING_RUSTC choose the toolchain, STARLING_WASM_LD the linker.',
      `Exit codes of --check: 0 the same bytes, 1 other bytes from the recorded compiler, or no build,`,
      `${EXIT_UNKNOWN} other bytes from another compiler.`,
    ].join('\n'),
  )
  .action(run)

async function run({ check }: { check: boolean }): Promise<void> {
  const toolchain = await findWasmToolchain(process.env)
  if (check) {
    const { kind, text } = await checkRuntime(CHAIN_DIR, toolchain, process.env)
    console.log(text)
    if (kind === 'unknown') process.exitCode = EXIT_UNKNOWN
    return
  }
  const built = await buildRuntime(CHAIN_DIR, toolchain, process.env)
  await writeRuntime(CHAIN_DIR, built)
  const { wasmSha256, specVersion, rustc } = built.manifest
  console.log(`${WASM_FILE} ${wasmSha256}, spec ${specVersion}, ${rustc}`)
}

await runCli(command, process.argv)
