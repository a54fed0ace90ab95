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
  /** How many a bar asks to be tried, where it was fewer: then it is met only so far. */
  readonly wanted?: number
}

export type Definition = Omit<BarRow, 'note' | 'isMet' | 'wanted'> & {
  readonly floor: number
  /** `most` where less is better. */
  readonly limit: 'least' | 'most'
  /** How many were tried, and how many must be for the bar to mean anything. */
  readonly sample?: { readonly tried: number; readonly wanted: number }
}

/** Where nobody has published a figure. */
export const NOTHING = '–'

export function bar({ limit, sample, ...rest }: Definition): BarRow {
  const { value, floor, best, detail } = rest
  const note = best === NOTHING ? detail : `${detail}; published: ${best}`
  const isMet = limit === 'least' ? value >= floor : value <= floor
  const isSmall = sample !== undefined && sample.tried < sample.wanted
  return { ...rest, note, isMet, ...(isSmall && { wanted: sample.wanted }) }
}

export const count = (value: number) => value.toLocaleString('en-US')

export function figure(value: number): string {
  return String(Number(value.toPrecision(value > 0.99 && value < 1 ? 6 : 3)))
}

export const need = (value: number | null | undefined) =>
  value == null ? 'more than was tried' : figure(value)
