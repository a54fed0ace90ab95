import { DISPUTE_LIMIT_TABLE, type Limit, MESSAGE_LIMIT_TABLE } from './limit-tables.ts'
import { SESSION_LIMIT_TABLE } from './session-limit-table.ts'

/** The numbers of a table of limits, by name. */
export type LimitsOf<Table> = { readonly [Name in keyof Table]: number }

/** Every bound of the wire by its name; units, reasons and consequences stand in the tables, and in docs/limits.md. */
export const MESSAGE_LIMITS = valuesOf(MESSAGE_LIMIT_TABLE)
export const DISPUTE_LIMITS = valuesOf(DISPUTE_LIMIT_TABLE)
export type SessionLimits = LimitsOf<typeof SESSION_LIMIT_TABLE>
export const SESSION_LIMITS: SessionLimits = valuesOf(SESSION_LIMIT_TABLE)

function valuesOf<Table extends Readonly<Record<string, Limit>>>(table: Table): LimitsOf<Table> {
  const entries = Object.entries(table).map(([name, { value }]) => [name, value])
  return Object.freeze(Object.fromEntries(entries) as LimitsOf<Table>)
}
