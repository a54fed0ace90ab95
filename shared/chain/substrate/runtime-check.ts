import type { ApiPromise } from '@polkadot/api'
import { StarlingError } from '../../process/errors.ts'

/** Pallet, call, and `name: type` of its arguments, in the library’s spelling: what this client encodes. */
const CALLS: ReadonlyArray<readonly [pallet: string, call: string, args: readonly string[]]> = [
  [
    'subtensorModule',
    'setWeights',
    ['netuid: u16', 'dests: Vec<u16>', 'weights: Vec<u16>', 'versionKey: u64'],
  ],
  [
    'subtensorModule',
    'serveAxon',
    [
      'netuid: u16',
      'version: u32',
      'ip: u128',
      'port: u16',
      'ipType: u8',
      'protocol: u8',
      'placeholder1: u8',
      'placeholder2: u8',
    ],
  ],
  ['subtensorModule', 'burnedRegister', ['netuid: u16', 'hotkey: AccountId']],
  ['subtensorModule', 'addStake', ['hotkey: AccountId', 'netuid: u16', 'amountStaked: u64']],
  ['subtensorModule', 'removeStake', ['hotkey: AccountId', 'netuid: u16', 'amountUnstaked: u64']],
  ['subtensorModule', 'registerNetwork', ['hotkey: AccountId']],
]

/** Storage that this client reads apart from the metagraph: pallet, item, type. */
const STORAGE: ReadonlyArray<readonly [pallet: string, item: string, type: string]> = [
  ['subtensorModule', 'lastEpochBlock', 'u64'],
  ['subtensorModule', 'subnetEpochIndex', 'u64'],
]

const RUNTIME_APIS: ReadonlyArray<readonly [api: string, method: string]> = [
  ['subnetInfoRuntimeApi', 'getMetagraph'],
]

/**
 * Compares the runtime's metadata with what this client was written against, so that a runtime upgrade stops it with a
 * reason instead of letting it send wrong bytes. Throws `CHAIN_INCOMPATIBLE`, naming every difference.
 */
export function assertCompatible(api: ApiPromise): void {
  const differences = [
    ...CALLS.map(([pallet, call, args]) => callDifference(api, pallet, call, args)),
    ...STORAGE.map(([pallet, item, type]) => storageDifference(api, pallet, item, type)),
    ...RUNTIME_APIS.map(([name, method]) =>
      api.call[name]?.[method] === undefined ? `runtime API ${name}.${method} is missing` : undefined,
    ),
  ].filter((difference) => difference !== undefined)
  if (differences.length === 0) return
  const { specName, specVersion } = api.runtimeVersion
  throw new StarlingError(
    'CHAIN_INCOMPATIBLE',
    `runtime ${specName}/${specVersion} differs from what this client knows: ${differences.join('; ')}`,
    'update this software',
  )
}

function callDifference(
  api: ApiPromise,
  pallet: string,
  call: string,
  expected: readonly string[],
): string | undefined {
  const found = api.tx[pallet]?.[call]
  if (found === undefined) return `call ${pallet}.${call} is missing`
  const args = found.meta.args.map((arg) => `${arg.name}: ${rawType(api, arg.type.toString())}`)
  if (args.join() === expected.join()) return undefined
  return `call ${pallet}.${call} takes (${args.join(', ')}), not (${expected.join(', ')})`
}

function storageDifference(
  api: ApiPromise,
  pallet: string,
  item: string,
  expected: string,
): string | undefined {
  const found = api.query[pallet]?.[item]
  if (found === undefined) return `storage ${pallet}.${item} is missing`
  const { type } = found.creator.meta
  const value = type.isMap ? type.asMap.value : type.asPlain
  const name = rawType(api, api.registry.lookup.getTypeDef(value).type)
  return name === expected ? undefined : `storage ${pallet}.${item} is ${name}, not ${expected}`
}

/** The encoding behind a name: a newtype such as `NetUid` counts as what it wraps. */
function rawType(api: ApiPromise, name: string): string {
  const raw = api.registry.createType(name).toRawType()
  return raw === 'AccountId32' ? 'AccountId' : raw
}
