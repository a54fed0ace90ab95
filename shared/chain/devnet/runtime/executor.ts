import {
  calculateStateRoot,
  destroyWorker,
  getRuntimeVersion,
  type RuntimeVersion,
  runTask,
} from '@acala-network/chopsticks-core/wasm-executor/index'
import { StarlingError } from '../../../process/errors.ts'
import type { Changes, StateView } from '../storage/state.ts'
import { compact, fromHex, type Hex, toHex } from './scale.ts'

export type { RuntimeVersion }

/** Storage key of the runtime's wasm, `:code`. */
export const CODE_KEY: Hex = '0x3a636f6465'

/** A runtime function and its SCALE-encoded argument. */
export type RuntimeCall = readonly [name: string, argument: Uint8Array]

/** Runs a runtime's functions against a state. */
export interface Executor {
  /**
   * Runs the calls one after the other on one instance of the wasm in `view`, each on top of the changes of those
   * before it. Returns what the last one returned and what all of them together changed; `view` stays as it is.
   * Throws `RUNTIME_TRAPPED` when a call panics.
   */
  run(view: StateView, calls: readonly RuntimeCall[]): Promise<{ result: Uint8Array; changes: Changes }>
  version(code: Hex): Promise<RuntimeVersion>
  /** Root of the state trie (version 1) over all entries. */
  stateRoot(entries: Iterable<readonly [Hex, Hex]>): Promise<Hex>
  /** Root of the trie (version 0) over a block's extrinsics by their place, as headers carry it. */
  extrinsicsRoot(extrinsics: readonly Hex[]): Promise<Hex>
  /** Waits for calls under way and lets go of the worker thread; the last executor to close ends it. */
  close(): Promise<void>
}

// The library keeps one worker thread for the whole process.
let users = 0

/** An executor over the library's wasm interpreter, which runs in a worker thread of this process. */
export function createExecutor(): Executor {
  users++
  let closed = false
  const underWay = new Set<Promise<unknown>>()
  const track = <T>(promise: Promise<T>): Promise<T> => {
    const settled: Promise<unknown> = promise.then(
      () => underWay.delete(settled),
      () => underWay.delete(settled),
    )
    underWay.add(settled)
    return promise
  }
  const assertOpen = () => {
    if (closed) throw new StarlingError('DEVNET_CLOSED', 'the devnet is shutting down')
  }
  return {
    async run(view, calls) {
      assertOpen()
      return track(runCalls(view, calls))
    },
    async version(code) {
      assertOpen()
      return track(getRuntimeVersion(code))
    },
    async stateRoot(entries) {
      assertOpen()
      return track(
        calculateStateRoot(
          Array.from(entries, ([key, value]) => [key, value]),
          1,
        ),
      )
    },
    async extrinsicsRoot(extrinsics) {
      assertOpen()
      const entries = extrinsics.map((extrinsic, place): [Hex, Hex] => [toHex(compact(place)), extrinsic])
      return track(calculateStateRoot(entries, 0))
    },
    async close() {
      if (closed) return
      closed = true
      await Promise.allSettled(underWay)
      users--
      if (users === 0) await destroyWorker()
    },
  }
}

async function runCalls(view: StateView, calls: readonly RuntimeCall[]) {
  const wasm = view.get(CODE_KEY)
  if (wasm === undefined) throw new StarlingError('RUNTIME_MISSING', 'the chain state holds no runtime')
  const response = await runTask(
    {
      wasm,
      calls: calls.map(([name, argument]) => [name, [toHex(argument)]]),
      mockSignatureHost: false,
      allowUnresolvedImports: false,
      runtimeLogLevel: 0,
    },
    storageCallbacks(view),
  )
  if ('Error' in response) {
    const names = calls.map(([name]) => name).join(', ')
    throw new StarlingError('RUNTIME_TRAPPED', `runtime call ${names} failed: ${response.Error}`)
  }
  const { result, storageDiff } = response.Call
  return {
    result: fromHex(result),
    changes: new Map(storageDiff.map(([key, value]) => [key, value ?? null])),
  }
}

/** What the interpreter asks for while it runs; this chain has no offchain workers. */
function storageCallbacks(view: StateView) {
  const refuse = async (): Promise<never> => {
    throw new Error('offchain host functions are not available')
  }
  return {
    getStorage: async (key: Hex) => view.get(key),
    // Clearing a prefix asks for the first key at or after the prefix itself.
    getNextKey: async (prefix: Hex, key: Hex) => view.nextKey(prefix, key, key === prefix && prefix !== '0x'),
    offchainGetStorage: refuse,
    offchainTimestamp: refuse,
    offchainRandomSeed: refuse,
    offchainSubmitTransaction: refuse,
  }
}
