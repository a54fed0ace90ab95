import type { Bar } from '../suite.ts'

/** A row of the design's table of bars. */
export interface BarRow extends Bar {
  readonly what: string
  readonly asked: string
  /** The best published figure for the same thing. */
  readonly best: string
  /** As a reader wants it. */
  readonly shown: string
  /** What the figure is made of. */
  readonly detail: string
  readonly isMet: boolean
}

export type Definition = Omit<BarRow, 'note' | 'isMet'> & {
  readonly floor: number
  /** `most` where less is better. */
  readonly limit: 'least' | 'most'
}

/** Where nobody has published a figure. */
export const NOTHING = '–'

export function bar({ limit, ...rest }: Definition): BarRow {
  const { value, floor, best, detail } = rest
  const note = best === NOTHING ? detail : `${detail}; published: ${best}`
  return { ...rest, note, isMet: limit === 'least' ? value >= floor : value <= floor }
}

export const count = (value: number) => value.toLocaleString('en-US')

export function figure(value: number): string {
  return String(Number(value.toPrecision(value > 0.99 && value < 1 ? 6 : 3)))
}

export const need = (value: number | null | undefined) =>
  value == null ? 'more than was tried' : figure(value)
