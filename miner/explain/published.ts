import { z } from 'zod'
import { equalBytes } from '../../shared/proof/hash.ts'
import { minerRowSchema } from '../../shared/proof/miner-row.ts'
import { type RowReceipt, roundRoot } from '../../shared/proof/receipt.ts'
import type { CheckLine } from '../check-line.ts'

// Of a published round, only what this page needs: starling audit checks the rest.
const head = z.object({ kind: z.literal('round'), round: z.number(), validator: z.string() })
const rowLine = z.object({ kind: z.literal('row'), row: z.record(z.string(), z.unknown()) })

/**
 * Holds a receipt against the published file of its round: are the rows there those that the receipt is signed over, and
 * how many earned more?
 * @param text of the file
 */
export function checkPublished(
  text: string,
  receipt: RowReceipt,
  { validator, hotkey }: { readonly validator: string; readonly hotkey: string },
): CheckLine {
  const name = 'published'
  const fail = (detail: string): CheckLine => ({ name, verdict: 'fail', detail })
  const found = readRows(text)
  if (found === undefined)
    return fail('the file is no published round: give <round>.jsonl of the validator’s published folder')
  if (found.round !== receipt.round || found.validator !== validator)
    return fail(`the file is of round ${found.round} of ${found.validator}: give that of this round`)
  // The bytes under the root are the row as the validator spelt it.
  const root = roundRoot(found.rows.map((row) => new TextEncoder().encode(JSON.stringify(row))))
  if (!equalBytes(root, receipt.root))
    return fail(
      'the file holds other rows than the receipt is signed over: publish both, and run starling audit',
    )
  const scores = found.rows.map((row) => minerRowSchema.parse(row))
  const own = scores.find((row) => row.hotkey === hotkey)!
  const better = scores.filter(({ score }) => score > own.score).length
  const best = Math.max(...scores.map(({ score }) => score))
  const detail = `place ${better + 1} of ${scores.length}, the best earned ${best.toFixed(3)}; the rows are those of the receipt`
  return { name, verdict: 'pass', detail }
}

function readRows(
  text: string,
): { round: number; validator: string; rows: Record<string, unknown>[] } | undefined {
  try {
    const lines: unknown[] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const { round, validator } = head.parse(lines[0])
    const rows = lines.flatMap((line) => {
      const parsed = rowLine.safeParse(line)
      return parsed.success ? [parsed.data.row] : []
    })
    return { round, validator, rows }
  } catch {
    return undefined
  }
}
