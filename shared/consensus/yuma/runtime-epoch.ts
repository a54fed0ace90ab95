import { CODE_KEY, createExecutor } from '../../chain/devnet/runtime/executor.ts'
import { toHex } from '../../chain/devnet/runtime/scale.ts'
import type { StateView } from '../../chain/devnet/storage/state.ts'
import type { EpochInput, EpochOutput } from './epoch-types.ts'
import { decodeEpochOutput, encodeEpochInput } from './scale.ts'

/** The chain's own Yuma, as its runtime runs it. */
export interface RuntimeEpoch {
  /** Runs one epoch; throws `RUNTIME_TRAPPED` when the runtime has no such function or panics. */
  run(input: EpochInput): Promise<EpochOutput>
  /** Starts the runtime and has it do nothing: what every call costs before it does anything. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** Runs `YumaRuntimeApi.run_epoch` of a runtime's wasm on a state that holds nothing else. */
export function createRuntimeEpoch(wasm: Uint8Array): RuntimeEpoch {
  const executor = createExecutor()
  const code = toHex(wasm)
  const state: StateView = {
    get: (key) => (key === CODE_KEY ? code : undefined),
    nextKey: () => undefined,
  }
  return {
    async run(input) {
      const call = ['YumaRuntimeApi_run_epoch', encodeEpochInput(input)] as const
      const { result } = await executor.run(state, [call])
      return decodeEpochOutput(result)
    },
    async idle() {
      await executor.run(state, [['Core_version', new Uint8Array()]])
    },
    close: () => executor.close(),
  }
}
