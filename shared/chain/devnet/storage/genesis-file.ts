import { createHash } from 'node:crypto'
import * as nodeFiles from 'node:fs/promises'
import { z } from 'zod'
import { StarlingError } from '../../../process/errors.ts'
import { codeOf, type GenesisState } from '../runtime/genesis.ts'
import type { GenesisHyperparameters } from '../runtime/hyperparameters.ts'
import { type Hex, isHex } from '../runtime/scale.ts'
import { readIfThere, replaceFile } from './files.ts'

const FORMAT = 2
const hex = z.custom<Hex>(isHex)
const fileSchema = z.object({
  format: z.literal(FORMAT),
  preset: z.string(),
  hyperparameters: z.record(z.string(), z.union([z.number(), z.boolean()])),
  top: z.array(z.tuple([hex, hex])),
})

/** What a data folder's chain starts from. */
export interface Genesis {
  preset: string
  /** What was given beside the preset; changes its subnet. */
  hyperparameters: GenesisHyperparameters
  state: GenesisState
}

/** The genesis of a data folder; undefined when the folder is new. Throws `DEVNET_DATABASE_DAMAGED`. */
export async function readGenesis(file: string): Promise<Genesis | undefined> {
  const text = (await readIfThere(nodeFiles, file))?.toString()
  return text === undefined ? undefined : parse(text, file)
}

/** What the operator asks a devnet to start from; what is left out is as the folder has it. */
export interface WantedGenesis {
  preset?: string | undefined
  hyperparameters?: GenesisHyperparameters | undefined
}

/** Throws `DEVNET_OTHER_GENESIS`, saying how, when the folder's chain did not start from what is wanted now. */
export function assertWanted(file: string, genesis: Genesis, wanted: WantedGenesis, wasm: Uint8Array): void {
  const { preset, hyperparameters = genesis.hyperparameters } = wanted
  const changed = [...new Set([...Object.keys(hyperparameters), ...Object.keys(genesis.hyperparameters)])]
    .filter((name) => hyperparameters[name] !== genesis.hyperparameters[name])
    .map((name) => `${name} ${genesis.hyperparameters[name] ?? 'as in the preset'}`)
  const other =
    preset !== undefined && preset !== genesis.preset
      ? `preset ${genesis.preset}`
      : sha256(codeOf(genesis.state)) !== sha256(wasm)
        ? 'another runtime'
        : changed.length > 0
          ? `${changed.join(', ')}`
          : undefined
  if (other === undefined) return
  throw new StarlingError(
    'DEVNET_OTHER_GENESIS',
    `the chain in ${file} was started with ${other}`,
    'start a new chain in another --data',
  )
}

/** Writes the file whole or not at all. */
export async function writeGenesis(file: string, genesis: Genesis): Promise<void> {
  const { preset, hyperparameters, state: top } = genesis
  await replaceFile(nodeFiles, file, JSON.stringify({ format: FORMAT, preset, hyperparameters, top }))
}

function parse(text: string, file: string): Genesis {
  try {
    const { preset, hyperparameters, top } = fileSchema.parse(JSON.parse(text))
    return { preset, hyperparameters, state: top }
  } catch (cause) {
    throw new StarlingError(
      'DEVNET_DATABASE_DAMAGED',
      `${file} is not a genesis file of this release`,
      'start a new chain in another --data',
      { cause },
    )
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
