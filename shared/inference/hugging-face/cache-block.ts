import type { CacheTensor } from './bindings.ts'
import type { Elements } from './half.ts'

/** Keys and values of sequences side by side: per tensor of the bindings, [batch, heads, positions, width]. */
export interface CacheBlock {
  readonly batch: number
  readonly positions: number
  readonly tensors: readonly Elements[]
}

/** Where a sequence's keys and values lie. */
export interface Place {
  readonly block: CacheBlock
  readonly row: number
  /** The first position of its own. */
  readonly from: number
}

/** A sequence's place and how many positions of it are its own; the others are padding. */
export interface Member {
  readonly place: Place | undefined
  readonly length: number
}

export type Side = 'start' | 'end'

/** Where the own positions of a sequence begin among those of a block that is padded at the other side. */
export function firstPosition(positions: number, length: number, side: Side): number {
  return side === 'start' ? 0 : positions - length
}

/** The block that holds these sequences and no others, in this order, padded as told; it can be used as it is. */
export function wholeBlock(members: readonly Member[], side: Side): CacheBlock | undefined {
  const block = members[0]?.place?.block
  if (block === undefined || block.batch !== members.length) return undefined
  const isInPlace = ({ place, length }: Member, row: number) =>
    place?.block === block && place.row === row && place.from === firstPosition(block.positions, length, side)
  return members.every(isInPlace) ? block : undefined
}

/** Copies sequences into one block, as long as the longest of them, their own positions at its start or its end. */
export function gather(members: readonly Member[], cache: readonly CacheTensor[], side: Side): CacheBlock {
  const positions = Math.max(0, ...members.map(({ length }) => length))
  const tensors = cache.map((tensor, index) => {
    const { heads, width } = tensor
    const size = members.length * heads * positions * width
    const target = tensor.type === 'float32' ? new Float32Array(size) : new Uint16Array(size)
    for (const [row, { place, length }] of members.entries()) {
      if (place === undefined) continue
      const { block } = place
      const source = block.tensors[index]!
      const first = firstPosition(positions, length, side)
      for (let head = 0; head < heads; head++) {
        const from = ((place.row * heads + head) * block.positions + place.from) * width
        const to = ((row * heads + head) * positions + first) * width
        target.set(source.subarray(from, from + length * width), to)
      }
    }
    return target
  })
  return { batch: members.length, positions, tensors }
}

/** A block without positions. */
export function emptyBlock(batch: number, cache: readonly CacheTensor[]): CacheBlock {
  const tensors = cache.map(({ type }) => (type === 'float32' ? new Float32Array(0) : new Uint16Array(0)))
  return { batch, positions: 0, tensors }
}
