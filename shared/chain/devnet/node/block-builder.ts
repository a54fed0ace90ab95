import { hasCode } from '../../../process/errors.ts'
import type { Executor, RuntimeCall } from '../runtime/executor.ts'
import { decodeHeader, encodeHeader, hashHeader, ZERO_HASH } from '../runtime/header.ts'
import { fromHex, type Hex, scaleReader, toHex } from '../runtime/scale.ts'
import { type Invalidity, readApplyResult } from '../runtime/validity.ts'
import type { Block } from '../storage/history.ts'
import { type Changes, overlay, type StateView } from '../storage/state.ts'

const NOTHING = new Uint8Array(0)

export interface BuiltBlock {
  block: Block
  changes: Changes
  /** Transactions that are not in the block, and why. */
  refused: ReadonlyMap<Hex, Invalidity>
}

/**
 * Builds the block after `parent`: inherent first, then the transactions in the given order, as far as the runtime takes
 * them. The header's state root is left at zero: computing it would cost more than the block itself, so this chain has no
 * state proofs. Throws `RUNTIME_TRAPPED` when the runtime panics outside of a transaction.
 *
 * Instantiating the wasm is most of the cost (about 30 ms per MB), so calls are bundled: one instance for a block, and one
 * for each transaction only when the runtime refused one of them.
 */
export async function buildBlock(
  executor: Executor,
  parent: Block,
  state: StateView,
  inherent: Hex,
  transactions: readonly Hex[],
): Promise<BuiltBlock> {
  const header = {
    parentHash: parent.hash,
    number: parent.number + 1,
    stateRoot: ZERO_HASH,
    extrinsicsRoot: ZERO_HASH,
    logs: [],
  }
  const opening: RuntimeCall[] = [
    ['Core_initialize_block', encodeHeader(header)],
    ['BlockBuilder_apply_extrinsic', fromHex(inherent)],
  ]
  const closing: RuntimeCall = ['BlockBuilder_finalize_block', NOTHING]
  const whole = await buildWhole(executor, state, opening, closing, [inherent, ...transactions])
  if (whole !== undefined) return whole
  const body = await applyEach(executor, state, opening, transactions)
  const { result, changes } = await executor.run(onTop(state, body.changes), [closing])
  return {
    block: finished(result, [inherent, ...body.applied]),
    changes: new Map([...body.changes, ...changes]),
    refused: body.refused,
  }
}

interface Body {
  applied: readonly Hex[]
  refused: ReadonlyMap<Hex, Invalidity>
  changes: Changes
}

/**
 * The whole block on one instance; undefined unless the runtime took every transaction. What it took shows in the root that
 * it puts into the header: that of exactly these extrinsics, in this order.
 */
async function buildWhole(
  executor: Executor,
  state: StateView,
  opening: readonly RuntimeCall[],
  closing: RuntimeCall,
  extrinsics: readonly Hex[],
): Promise<BuiltBlock | undefined> {
  try {
    const transactions = extrinsics.slice(1)
    const calls = [...opening, ...transactions.map(applyCall), closing]
    const { result, changes } = await executor.run(state, calls)
    const block = finished(result, extrinsics)
    const whole = { block, changes, refused: new Map() }
    if (transactions.length === 0) return whole
    const root = await executor.extrinsicsRoot(extrinsics)
    return root === block.header.extrinsicsRoot ? whole : undefined
  } catch (error) {
    if (extrinsics.length > 1 && hasCode(error, 'RUNTIME_TRAPPED')) return undefined
    throw error
  }
}

async function applyEach(
  executor: Executor,
  state: StateView,
  opening: readonly RuntimeCall[],
  transactions: readonly Hex[],
): Promise<Body> {
  let { changes } = await executor.run(state, opening)
  const applied: Hex[] = []
  const refused = new Map<Hex, Invalidity>()
  for (const transaction of transactions) {
    const outcome = await applyOne(executor, onTop(state, changes), transaction)
    if (outcome.refusal === undefined) {
      applied.push(transaction)
      changes = new Map([...changes, ...outcome.changes])
    } else {
      refused.set(transaction, outcome.refusal)
    }
  }
  return { applied, refused, changes }
}

async function applyOne(
  executor: Executor,
  state: StateView,
  transaction: Hex,
): Promise<{ refusal: Invalidity | undefined; changes: Changes }> {
  try {
    const { result, changes } = await executor.run(state, [applyCall(transaction)])
    return { refusal: readApplyResult(scaleReader(result)), changes }
  } catch (error) {
    if (!hasCode(error, 'RUNTIME_TRAPPED')) throw error
    const refusal = { kind: 'unknown', reason: 'trapped', text: 'The runtime panicked on it' } as const
    return { refusal, changes: new Map() }
  }
}

function applyCall(transaction: Hex): RuntimeCall {
  return ['BlockBuilder_apply_extrinsic', fromHex(transaction)]
}

/** The state with changes that are not part of it yet. */
function onTop(state: StateView, changes: Changes): StateView {
  return overlay(state, [changes])
}

function finished(result: Uint8Array, extrinsics: readonly Hex[]): Block {
  const header = { ...decodeHeader(result), stateRoot: ZERO_HASH }
  return { number: header.number, hash: hashHeader(header), header, extrinsics }
}

/** What the runtime would answer to `transaction` in the block after `parent`, as an encoded `ApplyExtrinsicResult`. */
export async function dryRun(
  executor: Executor,
  parent: Block,
  state: StateView,
  inherent: Hex,
  transaction: Hex,
): Promise<Hex> {
  const header = {
    parentHash: parent.hash,
    number: parent.number + 1,
    stateRoot: ZERO_HASH,
    extrinsicsRoot: ZERO_HASH,
    logs: [],
  }
  const { result } = await executor.run(state, [
    ['Core_initialize_block', encodeHeader(header)],
    ['BlockBuilder_apply_extrinsic', fromHex(inherent)],
    applyCall(transaction),
  ])
  return toHex(result)
}
