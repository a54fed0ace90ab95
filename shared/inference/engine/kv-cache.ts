import { type Architecture, headWidth } from '../model/architecture.ts'
import type { Feed } from '../onnx/session.ts'

/** A step pays for every position of the capacity, in every slot, so it follows the longest sequence closely. */
const CAPACITY_STEP = 64
/** Moving all sequences costs about two steps; less room than this to win back would not repay it. */
const LEAST_SHRINK = 2 * CAPACITY_STEP

/**
 * Keys and values of the sequences being decoded. Slots 0 to size − 1 are in use, side by side, so that a step over all
 * of them is one view without a copy.
 */
export class KvCache {
  readonly #layers: number
  readonly #kvHeads: number
  readonly #width: number
  readonly #slots: number
  readonly #contextLength: number
  #capacity = 0
  #tensors = new Map<string, Float32Array>()
  #lengths: number[] = []

  constructor(architecture: Architecture, slots: number) {
    this.#layers = architecture.layers
    this.#kvHeads = architecture.kvHeads
    this.#width = headWidth(architecture)
    this.#contextLength = architecture.contextLength
    this.#slots = slots
  }

  get size(): number {
    return this.#lengths.length
  }

  /** Positions that each slot has room for. */
  get capacity(): number {
    return this.#capacity
  }

  length(slot: number): number {
    return this.#lengths[slot]!
  }

  /** Puts a prefilled sequence into the next free slot and returns it; row `index` of `present.L.key|value`. */
  admit(present: ReadonlyMap<string, Float32Array>, index: number, padded: number, length: number): number {
    const slot = this.#lengths.length
    this.#reserve(Math.max(length, ...this.#lengths))
    for (const [name, tensor] of this.#tensors) {
      const source = present.get(name.replace('past', 'present'))!
      for (let head = 0; head < this.#kvHeads; head++) {
        const from = (index * this.#kvHeads + head) * padded * this.#width
        tensor.set(source.subarray(from, from + length * this.#width), this.#offset(slot, head, 0))
      }
    }
    this.#lengths.push(length)
    return slot
  }

  /** Makes room for one more position in every slot, and gives up room that none needs; call before building the feeds of a step. */
  reserveNext(): void {
    this.#reserve(Math.max(...this.#lengths) + 1)
  }

  /** `past.L.key|value` of all slots in use, as views. */
  feeds(): Record<string, Feed> {
    const shape = [this.size, this.#kvHeads, this.#capacity, this.#width]
    const used = this.size * this.#kvHeads * this.#capacity * this.#width
    const feeds: Record<string, Feed> = {}
    for (const [name, tensor] of this.#tensors) feeds[name] = { data: tensor.subarray(0, used), shape }
    return feeds
  }

  /** Stores the row that a step made for every slot, from `new.L.key|value`. */
  append(rows: ReadonlyMap<string, Float32Array>): void {
    for (const [name, tensor] of this.#tensors) {
      const source = rows.get(name.replace('past', 'new'))!
      for (let slot = 0; slot < this.size; slot++) {
        for (let head = 0; head < this.#kvHeads; head++) {
          const from = (slot * this.#kvHeads + head) * this.#width
          const to = this.#offset(slot, head, this.#lengths[slot]!)
          for (let i = 0; i < this.#width; i++) tensor[to + i] = source[from + i]!
        }
      }
    }
    for (let slot = 0; slot < this.size; slot++) this.#lengths[slot]! += 1
  }

  /** Frees a slot; the last one moves into the gap. Returns true if one moved. */
  remove(slot: number): boolean {
    const last = this.size - 1
    if (slot !== last) {
      for (const tensor of this.#tensors.values()) {
        tensor.copyWithin(this.#offset(slot, 0, 0), this.#offset(last, 0, 0), this.#offset(last + 1, 0, 0))
      }
      this.#lengths[slot] = this.#lengths[last]!
    }
    this.#lengths.pop()
    return slot !== last
  }

  #offset(slot: number, head: number, position: number): number {
    return ((slot * this.#kvHeads + head) * this.#capacity + position) * this.#width
  }

  #reserve(length: number): void {
    const needed = Math.min(Math.ceil(length / CAPACITY_STEP) * CAPACITY_STEP, this.#contextLength)
    if (needed > this.#capacity || needed <= this.#capacity - LEAST_SHRINK) this.#resize(needed)
  }

  /** Gives every slot another capacity; sequences in it are moved, so it must not shrink below their lengths. */
  #resize(capacity: number): void {
    if (capacity === this.#capacity) return
    const before = this.#capacity
    const old = this.#tensors
    this.#capacity = capacity
    this.#tensors = new Map()
    for (let layer = 0; layer < this.#layers; layer++) {
      for (const part of ['key', 'value']) {
        const name = `past.${layer}.${part}`
        const tensor = new Float32Array(this.#slots * this.#kvHeads * capacity * this.#width)
        const source = old.get(name)
        for (let row = 0; source !== undefined && row < this.size * this.#kvHeads; row++) {
          const from = row * before * this.#width
          const kept = Math.min(before, capacity) * this.#width
          tensor.set(source.subarray(from, from + kept), row * capacity * this.#width)
        }
        this.#tensors.set(name, tensor)
      }
    }
  }
}
