import { blake2AsU8a } from '@polkadot/util-crypto'
import type { Clock } from '../../../process/clock.ts'
import { hasCode } from '../../../process/errors.ts'
import { RpcError } from '../rpc/rpc-error.ts'
import { CODE_KEY, type Executor } from '../runtime/executor.ts'
import { concatBytes, fromHex, type Hex, scaleReader, toHex } from '../runtime/scale.ts'
import { encodeInherent, learnTimestampInherent, type TimestampInherent } from '../runtime/timestamp.ts'
import { type Invalidity, isInvalidity, readValidity, type Validity } from '../runtime/validity.ts'
import type { Database } from '../storage/database.ts'
import type { Block, History } from '../storage/history.ts'
import type { Changes, StateView } from '../storage/state.ts'
import { type Answers, createAnswers } from './answers.ts'
import { buildBlock, dryRun } from './block-builder.ts'
import { createPool, type Pool, type PoolListener } from './pool.ts'

/** Transaction source "external", as for one that came in over RPC. */
const EXTERNAL = Uint8Array.of(2)

/** Transactions in one block at most, so that a full pool does not delay a block without bound. */
const BLOCK_LIMIT = 256

/** A block has been added; `changes` is what it did to the state. */
export type HeadListener = (block: Block, changes: Changes) => void

/** A chain with a single author: each block is final as soon as it is there. */
export interface Chain {
  readonly history: History
  readonly pool: Pool
  readonly executor: Executor
  readonly answers: Answers
  /** The runtime in use, as hex. */
  code(): Hex
  /** State of the newest block. */
  state(): StateView
  /** Hash of a block, however old; undefined when it is not there yet. */
  hashOf(number: number): Promise<Hex | undefined>
  onHead(listener: HeadListener): () => void
  /** Adds the next block, at the clock's time. One at a time: a call during another fails. */
  produce(): Promise<Block>
  /** Puts an encoded transaction into the pool and returns its hash. Throws an RpcError. */
  submit(transaction: Hex, listener?: PoolListener): Promise<Hex>
  /** Encoded `ApplyExtrinsicResult` of a transaction in the block after `block`. */
  dryRun(transaction: Hex, block: Block, state: StateView): Promise<Hex>
}

export function createChain(parts: {
  executor: Executor
  history: History
  database: Database
  clock: Clock
}): Chain {
  const { executor, history, database, clock } = parts
  const pool = createPool()
  const listeners = new Set<HeadListener>()
  let learned: { code: Hex | undefined; inherent: Promise<TimestampInherent> } | undefined
  let lastTime = 0

  const state = (): StateView => {
    const view = history.stateAt(history.head)
    if (view === undefined) throw new Error('the head has a state')
    return view
  }

  const inherentAt = async (view: StateView, time: number): Promise<{ encoded: Hex; time: number }> => {
    const code = view.get(CODE_KEY)
    if (learned?.code !== code || learned === undefined) {
      learned = { code, inherent: learnTimestampInherent(executor, view) }
    }
    const inherent = await learned.inherent
    const allowed = Math.max(time, lastTime + inherent.minimumPeriod)
    return { encoded: encodeInherent(inherent, allowed), time: allowed }
  }

  const validate = async (transaction: Hex): Promise<Validity> => {
    const { head } = history
    const argument = concatBytes(EXTERNAL, fromHex(transaction), fromHex(head.hash))
    let verdict: Validity | Invalidity
    try {
      const call = ['TaggedTransactionQueue_validate_transaction', argument] as const
      verdict = readValidity(scaleReader((await executor.run(state(), [call])).result))
    } catch (error) {
      if (hasCode(error, 'RUNTIME_TRAPPED')) {
        throw new RpcError(1002, 'Verification Error', 'Runtime error: the transaction could not be decoded')
      }
      throw error
    }
    if (!isInvalidity(verdict)) return verdict
    if (verdict.kind === 'invalid') throw new RpcError(1010, 'Invalid Transaction', verdict.text)
    throw new RpcError(1011, 'Unknown Transaction Validity', verdict.text)
  }

  return {
    history,
    pool,
    executor,
    answers: createAnswers(),
    code: () => state().get(CODE_KEY) ?? '0x',
    state,
    hashOf: async (number) => history.byNumber(number)?.hash ?? database.hashOf(number),
    onHead(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async produce() {
      const parent = history.head
      const view = state()
      lastTime ||= timestampOf(view)
      const { encoded, time } = await inherentAt(view, clock.now())
      const candidates = pool.ready().slice(0, BLOCK_LIMIT)
      const {
        block,
        changes: written,
        refused,
      } = await buildBlock(executor, parent, view, encoded, candidates)
      const changes = effective(view, written)
      await database.append({ block, changes }, parent, history.entries)
      history.append(block, changes)
      lastTime = time
      pool.settle(block.number, block.extrinsics, [...refused.keys()].filter(isHopeless(refused)))
      for (const listener of listeners) listener(block, changes)
      return block
    },
    async submit(transaction, listener) {
      const hash = toHex(blake2AsU8a(fromHex(transaction), 256))
      for (;;) {
        const { head } = history
        const validity = await validate(transaction)
        // A verdict on an older block may ask for a transaction that a block has taken in the meantime.
        if (history.head !== head) continue
        pool.add(transaction, hash, validity, head.number, listener)
        break
      }
      return hash
    },
    async dryRun(transaction, block, view) {
      const { encoded } = await inherentAt(view, clock.now())
      return dryRun(executor, block, view, encoded, transaction)
    },
  }
}

/** True for refusals that waiting does not mend: these leave the pool, the others stay for the next block. */
function isHopeless(refused: ReadonlyMap<Hex, Invalidity>): (transaction: Hex) => boolean {
  return (transaction) => {
    const reason = refused.get(transaction)?.reason
    return reason !== 'exhaustsResources' && reason !== 'future'
  }
}

/** The changes without writes of the value that was there. */
function effective(view: StateView, changes: Changes): Changes {
  return new Map([...changes].filter(([key, value]) => (view.get(key) ?? null) !== value))
}

/** pallet_timestamp's `Now` in milliseconds. */
function timestampOf(view: StateView): number {
  const now = view.get('0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb')
  return now === undefined ? 0 : Number(scaleReader(fromHex(now)).uint(8))
}
