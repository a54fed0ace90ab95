/** What the page shows, as plain data: every text goes into the page as text, never as markup. */
export interface View {
  readonly title: string
  /** Under the title: who this is. */
  readonly subtitle: string
  /** What keeps the program from being ready; empty when nothing does. */
  readonly reasons: readonly string[]
  readonly figures: readonly Figure[]
  readonly charts: readonly Chart[]
  readonly tables: readonly Table[]
}

/** One number, large. */
export interface Figure {
  readonly label: string
  readonly value: string
  readonly hint?: string
  readonly tone?: Tone
}

export type Tone = 'good' | 'bad'

export interface Chart {
  readonly id: string
  readonly title: string
  readonly unit: string
  readonly series: readonly string[]
  readonly kind: 'lines' | 'bars' | 'stacked'
  /** What x is: seconds since 1970, or the number of something. */
  readonly x: 'time' | 'round' | 'uid'
  /** Of each series: 1 to 8, see `page/style.ts`; in that order unless told. */
  readonly colors?: readonly number[]
  /** One row for x and one for each series; left out where points come one by one. */
  readonly rows?: readonly (readonly (number | null)[])[]
}

export interface Table {
  readonly title: string
  readonly columns: readonly { readonly name: string; readonly isNumber?: boolean }[]
  readonly rows: readonly (readonly string[])[]
  /** Shown where there are no rows. */
  readonly empty: string
}

/** A number for a person: four digits of it at most. */
export function figure(value: number | undefined, digits = 0): string {
  if (value === undefined || Number.isNaN(value)) return '–'
  return value.toLocaleString('en-GB', { maximumFractionDigits: digits })
}

/** The ends of an ss58 address, which tell it from any other that an operator knows. */
export function shortAddress(address: string): string {
  return address.length <= 13 ? address : `${address.slice(0, 6)}…${address.slice(-5)}`
}

/** A span of time in the largest unit of which there are two. */
export function span(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`
}
