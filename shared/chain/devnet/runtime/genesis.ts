import { xxhashAsU8a } from '@polkadot/util-crypto'
import { hasCode, StarlingError } from '../../../process/errors.ts'
import type { Block } from '../storage/history.ts'
import { createState, type StateView } from '../storage/state.ts'
import { CODE_KEY, type Executor } from './executor.ts'
import { type Header, hashHeader, ZERO_HASH } from './header.ts'
import { concatBytes, fromHex, type Hex, lengthPrefixed, littleEndian, scaleReader, toHex } from './scale.ts'

/** blake2b-256 trie root of no extrinsics. */
const EMPTY_ROOT: Hex = '0x03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314'

/** Storage key of pallet_timestamp's `Now`. */
const TIMESTAMP_NOW: Hex = toHex(concatBytes(xxhashAsU8a('Timestamp', 128), xxhashAsU8a('Now', 128)))

/** A chain's first state, sorted by key. */
export type GenesisState = ReadonlyArray<readonly [Hex, Hex]>

/** Names of the runtime's genesis presets. */
export async function presetNames(executor: Executor, wasm: Uint8Array): Promise<string[]> {
  const { result } = await executor.run(stateOf(wasm), [['GenesisBuilder_preset_names', new Uint8Array(0)]])
  const reader = scaleReader(result)
  return reader.list(() => new TextDecoder().decode(reader.bytes()))
}

/** The configuration (JSON) that one of the runtime's own presets describes. Throws `DEVNET_PRESET_UNKNOWN`. */
export async function presetConfig(executor: Executor, wasm: Uint8Array, preset: string): Promise<string> {
  const id = concatBytes(Uint8Array.of(1), lengthPrefixed(new TextEncoder().encode(preset)))
  const found = scaleReader((await executor.run(stateOf(wasm), [['GenesisBuilder_get_preset', id]])).result)
  if (found.byte() === 1) return new TextDecoder().decode(found.bytes())
  const names = await presetNames(executor, wasm)
  throw new StarlingError(
    'DEVNET_PRESET_UNKNOWN',
    `the runtime has no genesis preset ${preset}`,
    `use ${names.join(' or ')}`,
  )
}

/**
 * The genesis state that the runtime makes of a configuration, as JSON (runtime API `GenesisBuilder`).
 *
 * The chain's clock starts at `time`, in milliseconds since 1970. That makes the genesis hash differ from chain to chain,
 * so a signature or challenge made for one devnet means nothing on another.
 * Throws `DEVNET_GENESIS_REFUSED` with the runtime's words.
 */
export async function buildGenesis(
  executor: Executor,
  wasm: Uint8Array,
  config: string,
  time: number,
): Promise<GenesisState> {
  const state = createState([[CODE_KEY, toHex(wasm)]])
  const json = lengthPrefixed(new TextEncoder().encode(config))
  const built = await executor.run(state, [['GenesisBuilder_build_state', json]]).catch((error: unknown) => {
    if (hasCode(error, 'RUNTIME_TRAPPED')) throw refused('it panics on it')
    throw error
  })
  const answer = scaleReader(built.result)
  if (answer.byte() !== 0) throw refused(new TextDecoder().decode(answer.bytes()))
  state.apply(built.changes)
  state.apply(new Map([[TIMESTAMP_NOW, toHex(littleEndian(time, 8))]]))
  return [...state.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
}

function refused(reason: string): StarlingError {
  const remedy = 'correct the hyperparameters, or take another preset'
  return new StarlingError('DEVNET_GENESIS_REFUSED', `the runtime refuses this genesis: ${reason}`, remedy)
}

/** Block 0 over a genesis state, with its true state root and therefore its true hash. */
export async function genesisBlock(executor: Executor, state: GenesisState): Promise<Block> {
  const header: Header = {
    parentHash: ZERO_HASH,
    number: 0,
    stateRoot: await executor.stateRoot(state),
    extrinsicsRoot: EMPTY_ROOT,
    logs: [],
  }
  return { number: 0, hash: hashHeader(header), header, extrinsics: [] }
}

/** The runtime in a genesis state. */
export function codeOf(state: GenesisState): Uint8Array {
  const code = state.find(([key]) => key === CODE_KEY)
  return fromHex(code?.[1] ?? '0x')
}

function stateOf(wasm: Uint8Array): StateView {
  return createState([[CODE_KEY, toHex(wasm)]])
}
