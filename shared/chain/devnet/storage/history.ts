import { StarlingError } from '../../../process/errors.ts'
import type { Header } from '../runtime/header.ts'
import type { Hex } from '../runtime/scale.ts'
import type { Checkpoint } from './segment.ts'
import { type Changes, createState, overlay, type StateView } from './state.ts'

/** A block as clients see it. */
export interface Block {
  number: number
  hash: Hex
  header: Header
  /** Encoded with their length, inherents first. */
  extrinsics: readonly Hex[]
}

/** The newest blocks and the states after them; older ones are let go of, so that a chain of any length fits in memory. */
export interface History {
  readonly head: Block
  readonly genesis: Block
  /** A block, or undefined when it is not there yet or too old: `depth` blocks are kept behind the newest, and genesis. */
  byNumber(number: number): Block | undefined
  byHash(hash: string): Block | undefined
  /** The state after a block, or undefined when it is too old. */
  stateAt(block: Block): StateView | undefined
  append(block: Block, changes: Changes): void
  /** All entries of the newest state. */
  entries(): Iterable<[Hex, Hex]>
}

/**
 * @param base the oldest block known, and the state after it
 * @param depth blocks behind the newest that are kept
 */
export function createHistory(genesis: Block, base: Checkpoint, depth: number): History {
  const state = createState(base.state)
  /** Oldest first; `undo[i]` leads from `blocks[i + 1]` back to `blocks[i]`. */
  const blocks: Block[] = [base.block]
  const undo: Changes[] = []
  let head = base.block

  const view = (number: number): StateView => {
    // Looks the later blocks up on every read, so that a view outlives the blocks that follow it.
    const later = () => {
      const skipped = number - (head.number - undo.length)
      if (skipped < 0) throw new StarlingError('DEVNET_STATE_PRUNED', `the state of block ${number} is gone`)
      return overlay(state, undo.slice(skipped))
    }
    return {
      get: (key) => (head.number === number ? state : later()).get(key),
      nextKey: (prefix, from, inclusive) =>
        (head.number === number ? state : later()).nextKey(prefix, from, inclusive),
    }
  }

  const byNumber = (number: number): Block | undefined =>
    number === 0 ? genesis : blocks[number - (head.number - undo.length)]

  return {
    get head() {
      return head
    },
    genesis,
    byNumber,
    // Mostly asked for the newest.
    byHash: (hash) => (hash === genesis.hash ? genesis : blocks.findLast((block) => block.hash === hash)),
    stateAt: (block) => (head.number - block.number <= undo.length ? view(block.number) : undefined),
    append(block, changes) {
      undo.push(state.apply(changes))
      blocks.push(block)
      head = block
      if (undo.length <= depth) return
      undo.shift()
      blocks.shift()
    },
    entries: () => state.entries(),
  }
}
