import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createExecutor, type Executor } from './runtime/executor.ts'
import { buildGenesis, genesisBlock, presetConfig, presetNames } from './runtime/genesis.ts'
import { withHyperparameters } from './runtime/hyperparameters.ts'
import { readRuntime } from './runtime-artifact.ts'
import {
  assertWanted,
  type Genesis,
  readGenesis,
  type WantedGenesis,
  writeGenesis,
} from './storage/genesis-file.ts'

const DEFAULT_PRESET = 'development'

/**
 * The genesis of the chain in a data folder, made and written there when the folder is new; its clock then starts at
 * `time`, in milliseconds since 1970.
 *
 * Throws `DEVNET_OTHER_GENESIS`, `DEVNET_DATABASE_DAMAGED`, `DEVNET_PRESET_UNKNOWN`, `DEVNET_HYPERPARAMETERS_INVALID`,
 * `DEVNET_GENESIS_REFUSED`, or what reading the runtime throws.
 */
export async function openGenesis(
  folder: string,
  wanted: WantedGenesis,
  executor: Executor,
  time: number,
): Promise<Genesis> {
  const { wasm } = await readRuntime()
  const file = join(folder, 'genesis.json')
  const found = await readGenesis(file)
  if (found !== undefined) {
    assertWanted(file, found, wanted, wasm)
    return found
  }
  const { preset = DEFAULT_PRESET, hyperparameters = {} } = wanted
  const config = withHyperparameters(await presetConfig(executor, wasm, preset), hyperparameters, preset)
  const state = await buildGenesis(executor, wasm, config, time)
  const genesis = { preset, hyperparameters, state }
  await writeGenesis(file, genesis)
  return genesis
}

/** As {@link openGenesis}, without a devnet: for a node that is to run the same chain. With the hash of its genesis block. */
export async function genesisOf(
  folder: string,
  wanted: WantedGenesis,
  time: number,
): Promise<Genesis & { hash: string }> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return withExecutor(async (executor) => {
    const genesis = await openGenesis(folder, wanted, executor, time)
    return { ...genesis, hash: (await genesisBlock(executor, genesis.state)).hash }
  })
}

/** Names of the runtime's genesis presets. */
export async function listPresets(): Promise<string[]> {
  const { wasm } = await readRuntime()
  return withExecutor((executor) => presetNames(executor, wasm))
}

async function withExecutor<T>(work: (executor: Executor) => Promise<T>): Promise<T> {
  const executor = createExecutor()
  try {
    return await work(executor)
  } finally {
    await executor.close()
  }
}
