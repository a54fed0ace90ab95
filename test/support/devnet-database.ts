import { hashHeader, ZERO_HASH } from '../../shared/chain/devnet/runtime/header.ts'
import type { Hex } from '../../shared/chain/devnet/runtime/scale.ts'
import { type Database, openDatabase } from '../../shared/chain/devnet/storage/database.ts'
import type { Files } from '../../shared/chain/devnet/storage/files.ts'
import { type Block, createHistory, type History } from '../../shared/chain/devnet/storage/history.ts'
import type { Changes } from '../../shared/chain/devnet/storage/state.ts'

/** A made-up chain whose every block and state follow from their number. */
const made: Block[] = []

export function blockOn(number: number): Block {
  for (let next = made.length; next <= number; next++) {
    const parentHash = made[next - 1]?.hash ?? ZERO_HASH
    const header = { parentHash, number: next, stateRoot: ZERO_HASH, extrinsicsRoot: ZERO_HASH, logs: [] }
    made.push({
      number: next,
      hash: hashHeader(header),
      header,
      extrinsics: next === 0 ? [] : ['0x01', '0x02'],
    })
  }
  const block = made[number]
  if (block === undefined) throw new RangeError(`no block ${number}`)
  return block
}

const hexOf = (number: number): Hex => `0x${number.toString(16).padStart(4, '0')}`

/** Block n writes n, and takes away what block n - 2 wrote where that was even. */
export function changesOf(number: number): Changes {
  const changes = new Map<Hex, Hex | null>([
    ['0xaaaa', hexOf(number)],
    [hexOf(number % 8), hexOf(number)],
  ])
  if (number % 2 === 0) changes.set(hexOf((number - 2) % 8), null)
  return changes
}

export const genesis = { block: blockOn(0), state: [['0xaaaa', '0x00']] as [Hex, Hex][] }

export function stateAfter(number: number): Map<Hex, Hex> {
  const state = new Map(genesis.state)
  for (let next = 1; next <= number; next++) {
    for (const [key, value] of changesOf(next)) {
      if (value === null) state.delete(key)
      else state.set(key, value)
    }
  }
  return state
}

export interface TestChain {
  history: History
  database: Database
}

/** Opens a folder as the devnet does. */
export async function openChain(folder: string, depth: number, files?: Files): Promise<TestChain> {
  const { database, base, blocks } = await openDatabase(folder, genesis, depth, files)
  const history = createHistory(genesis.block, base, depth)
  for (const { block, changes } of blocks) history.append(block, changes)
  return { history, database }
}

/** Appends blocks up to number `to`; `told` hears of each once it is saved. */
export async function extend(chain: TestChain, to: number, told?: (number: number) => void): Promise<void> {
  const { history, database } = chain
  for (let number = history.head.number + 1; number <= to; number++) {
    const stored = { block: blockOn(number), changes: changesOf(number) }
    await database.append(stored, history.head, history.entries)
    history.append(stored.block, stored.changes)
    told?.(number)
  }
}
