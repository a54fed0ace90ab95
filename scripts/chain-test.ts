import { Command } from 'commander'
import { CHAIN_DIR } from '../shared/chain/devnet/runtime-artifact.ts'
import { describeError } from '../shared/process/errors.ts'
import { cargo } from './chain/build-runtime.ts'
import { findToolchain } from './chain/toolchain.ts'

const command = new Command('chain:test')
  .description("Run the pallets' Rust tests")
  .argument('[args...]', 'passed on to cargo test')
  .addHelpText('after', '\nEnvironment: STARLING_CARGO and STARLING_RUSTC choose the toolchain.')
  .parse()

try {
  const toolchain = await findToolchain(process.env)
  const packages = ['subtensor', 'admin-utils', 'commitments', 'fraud'].flatMap((name) => [
    '--package',
    `pallet-${name}`,
  ])
  await cargo(CHAIN_DIR, toolchain, ['test', '--locked', '--lib', ...packages, ...command.args], {})
} catch (error) {
  console.error(describeError(error))
  process.exitCode = 1
}
