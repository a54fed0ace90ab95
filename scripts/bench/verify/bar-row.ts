import type { Bar } from '../suite.ts'

/** A row of the design's table of bars. */
export interface BarRow extends Bar {
  readonly what: string
  readonly asked: string
  /** The best published figure for the same thing. */
  readonly best: string
  /** As a reader wants it. */
  readonly shown: string
  readonly isMet: boolean
}

export type Definition = Pick<BarRow, 'name' | 'what' | 'asked' | 'best' | 'unit'> & {
  readonly floor: number
  readonly value: number
  readonly shown: string
  readonly note?: string
  /** `most` where less is better. */
  readonly limit: 'least' | 'most'
}

export function bar({ limit, ...rest }: Definition): BarRow {
  return { ...rest, isMet: limit === 'least' ? rest.value >= rest.floor : rest.value <= rest.floor }
}

export const count = (value: number) => value.toLocaleString('en-US')

export function figure(value: number): string {
  return String(Number(value.toPrecision(value > 0.99 && value < 1 ? 6 : 3)))
}

export const need = (value: number | null | undefined) =>
  value == null ? 'more than was tried' : figure(value)
