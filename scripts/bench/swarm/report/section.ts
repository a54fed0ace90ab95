import { z } from 'zod'
import type { Interval } from '../../../page/line-chart.ts'
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

/** A section that reads as much of its part's facts as it shows. */
export function section<Facts>(
  part: PartName,
  title: string,
  explained: string,
  schema: z.ZodType<Facts>,
  draw: (facts: Facts, bars: readonly Bar[]) => string,
): Section {
  return {
    ...{ part, title, explained },
    draw(facts, bars) {
      const read = schema.safeParse(facts)
      return read.success ? draw(read.data, bars) : ''
    },
  }
}

/** A figure that JSON may have lost: NaN and infinities come back as null. */
export const figureField = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN)

/** What holds a mean in 95 of 100 cases, from its standard error (a normal approximation). */
export function around(mean: number, error: number): Interval {
  return [mean - 1.96 * error, mean + 1.96 * error]
}

/** Cells as an HTML table; the first column is text, the others figures. Cells are escaped by the caller. */
export function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const heads = head.map((cell, i) => `<th${i === 0 ? '' : ' class="n"'}>${cell}</th>`)
  const body = rows.map(
    (cells) =>
      `<tr>${cells.map((cell, i) => `<td${i === 0 ? '' : ' class="n"'}>${cell}</td>`).join('')}</tr>`,
  )
  return `<table><thead><tr>${heads.join('')}</tr></thead><tbody>${body.join('')}</tbody></table>`
}
