import { createHash } from 'node:crypto'
import * as nodeFiles from 'node:fs/promises'
import { z } from 'zod'
import { StarlingError } from '../../../process/errors.ts'
import { codeOf, type GenesisState } from '../runtime/genesis.ts'
import { type Hex, isHex } from '../runtime/scale.ts'
import { readIfThere, replaceFile } from './files.ts'

const FORMAT = 2
const hex = z.custom<Hex>(isHex)
const fileSchema = z.object({
  format: z.literal(FORMAT),
  preset: z.string(),
  top: z.array(z.tuple([hex, hex])),
})

/** What a data folder's chain starts from. */
export interface Genesis {
  preset: string
  state: GenesisState
}

/**
 * The genesis of a data folder; undefined when the folder is new.
 * Throws `DEVNET_DATABASE_DAMAGED`, or `DEVNET_OTHER_GENESIS` when the folder's chain was started with another preset or
 * runtime than the one given.
 */
export async function readGenesis(
  file: string,
  preset: string,
  wasm: Uint8Array,
): Promise<Genesis | undefined> {
  const text = (await readIfThere(nodeFiles, file))?.toString()
  if (text === undefined) return undefined
  const genesis = parse(text, file)
  if (genesis.preset !== preset || sha256(codeOf(genesis.state)) !== sha256(wasm)) {
    const what = genesis.preset === preset ? 'another runtime' : `preset ${genesis.preset}`
    throw new StarlingError(
      'DEVNET_OTHER_GENESIS',
      `the chain in ${file} was started with ${what}`,
      'start a new chain in another --data',
    )
  }
  return genesis
}

/** Writes the file whole or not at all. */
export async function writeGenesis(file: string, { preset, state }: Genesis): Promise<void> {
  await replaceFile(nodeFiles, file, JSON.stringify({ format: FORMAT, preset, top: state }))
}

function parse(text: string, file: string): Genesis {
  try {
    const { preset, top } = fileSchema.parse(JSON.parse(text))
    return { preset, state: top }
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
