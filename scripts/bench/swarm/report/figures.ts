import type { Bar } from '../../suite.ts'
import { ASKED, shortOf, standingOf } from './asked.ts'

/** A figure as a reader wants it. */
export function figure(value: number): string {
  // JSON holds neither NaN nor infinity: both come back as null.
  if (!Number.isFinite(value)) return Math.abs(value) === Number.POSITIVE_INFINITY ? '∞' : 'not measured'
  if (Number.isInteger(value)) return value.toLocaleString('en-US')
  return String(Number(value.toPrecision(value > 0.99 && value < 1 ? 5 : 3)))
}

/** A bar's value with its unit. */
export function shown({ value, unit }: Bar): string {
  return ['ratio', 'share', ''].includes(unit) ? figure(value) : `${figure(value)} ${unit}`
}

/**
 * Whether a bar is met, and by how much it is missed.
 * @param quick of small samples, which settle nothing
 */
export function verdict(bar: Bar, bars: readonly Bar[], quick: boolean): string {
  switch (standingOf(bar, bars)) {
    case 'reported':
      return 'no bar'
    case 'met':
      return quick ? 'so far; samples were small' : 'yes'
    case 'missed':
      return `no, by ${figure(Math.abs(shortOf(bar, bars) ?? Number.NaN))}`
  }
}

/** What a bar is about: as the design says it, or its name. */
export function whatOf({ name }: Bar): string {
  return ASKED[name]?.what ?? name
}
