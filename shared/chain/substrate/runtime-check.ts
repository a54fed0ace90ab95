import type { ApiPromise } from '@polkadot/api'
import { StarlingError } from '../../process/errors.ts'
import { matchCall, matchStorage, typeName } from './metadata.ts'
import {
  CALLS,
  type CallEntry,
  FILLED_EXTENSIONS,
  METAGRAPH_API,
  STORAGE,
  type StorageEntry,
} from './spec-table.ts'

/** What of a runtime this client does not know. */
export interface RuntimeReport {
  /** `specName/specVersion` */
  readonly runtime: string
  /** Each names the call, storage item, runtime API or signed extension, and both signatures. Empty: it may write. */
  readonly differences: readonly string[]
}

/**
 * Compares the live metadata with the table, so that a runtime upgrade stops this client's writes with a reason instead of
 * letting it send wrong bytes. A call that is there with other arguments is a difference; one that is missing is only where
 * the table requires it.
 */
export function checkRuntime(api: ApiPromise): RuntimeReport {
  const { specName, specVersion } = api.runtimeVersion
  const differences = [
    ...Object.values(CALLS).map((entry) => callDifference(api, entry)),
    ...Object.values(STORAGE).map((entry) => storageDifference(api, entry)),
    api.call[METAGRAPH_API.api]?.[METAGRAPH_API.method] === undefined
      ? `runtime API ${METAGRAPH_API.api}.${METAGRAPH_API.method} is missing`
      : undefined,
    ...extensionDifferences(api),
  ].filter((difference) => difference !== undefined)
  return { runtime: `${specName}/${specVersion}`, differences }
}

/** Why nothing may be written; undefined when all is as the table has it. */
export function stopReason({ runtime, differences }: RuntimeReport): string | undefined {
  if (differences.length === 0) return undefined
  return `runtime ${runtime} differs from what this client knows: ${differences.join('; ')}`
}

/** What every write fails with while {@link stopReason} gives a reason. */
export function stoppedError(reason: string): StarlingError {
  return new StarlingError('CHAIN_INCOMPATIBLE', `writes are stopped: ${reason}`, 'update this software')
}

function callDifference(api: ApiPromise, entry: CallEntry): string | undefined {
  const match = matchCall(api, entry)
  if ('shape' in match || (match.missing && !entry.required)) return undefined
  return match.difference
}

function storageDifference(api: ApiPromise, entry: StorageEntry): string | undefined {
  const match = matchStorage(api, entry)
  if ('shape' in match || (match.missing && entry.absent !== undefined)) return undefined
  return match.difference
}

/** The library signs as if an extension that it does not know were empty, so it must be. */
function extensionDifferences(api: ApiPromise): string[] {
  const { transactionExtensions } = api.registry.metadata.extrinsic
  return transactionExtensions
    .filter(({ identifier }) => !FILLED_EXTENSIONS.includes(identifier.toString()))
    .flatMap(({ identifier, type, implicit }) =>
      [type, implicit]
        .map((id) => typeName(api, id))
        .filter((name) => name !== 'Null')
        .map((name) => `signed extension ${identifier} carries ${name}, which this client does not fill in`),
    )
}
