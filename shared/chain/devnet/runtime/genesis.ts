import { xxhashAsU8a } from '@polkadot/util-crypto'
import { StarlingError } from '../../../process/errors.ts'
import type { Block } from '../storage/history.ts'
import { createState } from '../storage/state.ts'
import { CODE_KEY, type Executor } from './executor.ts'
import { type Header, hashHeader, ZERO_HASH } from './header.ts'
import { concatBytes, fromHex, type Hex, lengthPrefixed, littleEndian, scaleReader, toHex } from './scale.ts'

/** blake2b-256 trie root of no extrinsics. */
const EMPTY_ROOT: Hex = '0x03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314'

/** Storage key of pallet_timestamp's `Now`. */
const TIMESTAMP_NOW: Hex = toHex(concatBytes(xxhashAsU8a('Timestamp', 128), xxhashAsU8a('Now', 128)))

/** A chain's first state, sorted by key. */
export type GenesisState = ReadonlyArray<readonly [Hex, Hex]>

/**
 * The genesis state that one of the runtime's own presets describes (runtime API `GenesisBuilder`).
 *
 * The chain's clock starts at `time`, in milliseconds since 1970. That makes the genesis hash differ from chain to chain,
 * so a signature or challenge made for one devnet means nothing on another.
 * Throws `DEVNET_PRESET_UNKNOWN` or `RUNTIME_INCOMPATIBLE`.
 */
export async function genesisFromPreset(
  executor: Executor,
  wasm: Uint8Array,
  preset: string,
  time: number,
): Promise<GenesisState> {
  const code = createState([[CODE_KEY, toHex(wasm)]])
  const id = concatBytes(Uint8Array.of(1), lengthPrefixed(new TextEncoder().encode(preset)))
  const found = scaleReader((await executor.run(code, [['GenesisBuilder_get_preset', id]])).result)
  if (found.byte() === 0) {
    const { result } = await executor.run(code, [['GenesisBuilder_preset_names', new Uint8Array(0)]])
    const reader = scaleReader(result)
    const names = reader.list(() => new TextDecoder().decode(reader.bytes()))
    throw new StarlingError(
      'DEVNET_PRESET_UNKNOWN',
      `the runtime has no genesis preset ${preset}`,
      `use ${names.join(' or ')}`,
    )
  }
  const built = await executor.run(code, [['GenesisBuilder_build_state', lengthPrefixed(found.bytes())]])
  if (built.result[0] !== 0) {
    throw new StarlingError('RUNTIME_INCOMPATIBLE', `the runtime refuses its own genesis preset ${preset}`)
  }
  code.apply(built.changes)
  code.apply(new Map([[TIMESTAMP_NOW, toHex(littleEndian(time, 8))]]))
  return [...code.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
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
