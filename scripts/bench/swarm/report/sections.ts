import type { Bar } from '../../suite.ts'
import type { PartName } from '../parts.ts'

/** What the page shows of one part. */
export interface Section {
  readonly part: PartName
  readonly title: string
  /** One or two sentences for whoever has not read the design. */
  readonly explained: string
  /** Plots as HTML; empty where the facts are not in the form that it knows, as those of an older file. */
  draw(facts: unknown, bars: readonly Bar[]): string
}

export const SECTIONS: readonly Section[] = []
