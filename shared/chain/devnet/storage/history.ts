import { StarlingError } from '../../../process/errors.ts'
import type { Header } from '../runtime/header.ts'
import type { Hex } from '../runtime/scale.ts'
import { type Changes, createState, overlay, type StateView } from './state.ts'

/** A block as clients see it. */
export interface Block {
  number: number
  hash: Hex
  header: Header
  /** Encoded with their length, inherents first. */
  extrinsics: readonly Hex[]
}

/** All blocks from genesis on, and the states of the newest ones. */
export interface History {
  readonly head: Block
  readonly genesis: Block
  byNumber(number: number): Block | undefined
  byHash(hash: string): Block | undefined
  /** The state after a block, or undefined when it is too old: states are kept for `depth` blocks. */
  stateAt(block: Block): StateView | undefined
  append(block: Block, changes: Changes): void
}

export function createHistory(
  genesis: Block,
  genesisState: Iterable<readonly [Hex, Hex]>,
  depth: number,
): History {
  const state = createState(genesisState)
  const blocks: Block[] = [genesis]
  const numbers = new Map<string, number>([[genesis.hash, 0]])
  /** How to go back from each of the newest blocks to its parent, oldest first. */
  const undo: Changes[] = []
  let head = genesis

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

  return {
    get head() {
      return head
    },
    genesis,
    byNumber: (number) => blocks[number],
    byHash: (hash) => blocks[numbers.get(hash) ?? -1],
    stateAt: (block) => (head.number - block.number <= undo.length ? view(block.number) : undefined),
    append(block, changes) {
      undo.push(state.apply(changes))
      if (undo.length > depth) undo.shift()
      blocks.push(block)
      numbers.set(block.hash, block.number)
      head = block
    },
  }
}
