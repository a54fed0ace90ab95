import type { CsvCell } from '../../suite.ts'
import { PART_NAMES } from '../parts.ts'
import type { SwarmResults } from '../run-parts.ts'

const HEAD = ['part', 'table', 'row', 'column', 'value']

/**
 * Everything that was measured, one value a row: the table is the path of a list in the part's facts, the row its entry's number,
 * the column the path within the entry. What stands in no list is row 0 of the table it is in.
 */
export function outcomeRows({ parts }: Pick<SwarmResults, 'parts'>): CsvCell[][] {
  const names = [...PART_NAMES, 'scenario' as const]
  return [HEAD, ...names.flatMap((part) => tablesOf(parts[part]?.facts, []).map((cells) => [part, ...cells]))]
}

type Cells = [table: string, row: number, column: string, value: CsvCell]

function tablesOf(value: unknown, path: readonly string[]): Cells[] {
  const table = path.join('.')
  if (isList(value))
    return value.flatMap((entry, row) =>
      leavesOf(entry, []).map(([column, leaf]): Cells => [table, row, column, leaf]),
    )
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    isList(inner) || isRecord(inner)
      ? tablesOf(inner, [...path, key])
      : leavesOf(inner, [key]).map(([column, leaf]): Cells => [table, 0, column, leaf]),
  )
}

function leavesOf(value: unknown, path: readonly string[]): [column: string, value: CsvCell][] {
  if (isList(value) || isRecord(value))
    return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]))
  const leaf = typeof value === 'number' ? value : value == null ? undefined : String(value)
  return [[path.join('.'), leaf]]
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !isList(value)
}
