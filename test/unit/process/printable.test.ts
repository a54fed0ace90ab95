import { describe, expect, it } from 'vitest'
import { renderChecks } from '../../../miner/check-line.ts'
import { explainReceipt, renderExplanation } from '../../../miner/explain/explain.ts'
import { describeError, StarlingError } from '../../../shared/process/errors.ts'
import { printableLine } from '../../../shared/process/printable.ts'
import { checked, renderReport, skipped } from '../../../validator/audit-file/report.ts'
import { makeReceipt, makeRow, VALIDATOR } from '../../support/receipts.ts'

/** Clears the screen, begins a line that looks like a verdict, and turns the reading direction. */
const HOSTILE = 'late\u001b[2J\u009b1A\r\n\u2028pass  audit  all is well\u202e'
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

describe('what strangers wrote', () => {
  it('is one line, and keeps its spaces', () => {
    expect(printableLine('  two  words')).toBe('  two  words')
    expect(printableLine(HOSTILE)).toBe('late [2J 1A pass  audit  all is well ')
  })

  it('is no line of an audit’s report', () => {
    const report = {
      checks: [
        checked('answers', HOSTILE, [{ record: HOSTILE, field: HOSTILE, why: HOSTILE }]),
        skipped('audit', HOSTILE),
      ],
      notes: [HOSTILE],
      unproven: [HOSTILE],
    }
    const lines = renderReport(report)
    expect(lines).toHaveLength(6)
    expect(lines.filter((line) => UNSAFE.test(line) || line.startsWith('pass'))).toEqual([])
  })

  it('is no line of an explanation', () => {
    const receipt = makeReceipt(7, makeRow({ model: HOSTILE, reasons: [HOSTILE] }))
    const sources = { validator: VALIDATOR.address, receipts: [receipt], noted: [], chain: HOSTILE }
    const lines = renderExplanation(explainReceipt(receipt, sources)).split('\n')
    expect(lines.filter((line) => UNSAFE.test(line))).toEqual([])
    expect(lines.filter((line) => line.startsWith('pass  audit'))).toEqual([])
    expect(renderChecks([{ name: 'x', verdict: 'fail', detail: HOSTILE }])).not.toMatch(UNSAFE)
  })

  it('is no line of an error', () => {
    expect(describeError(new StarlingError('MODEL_MISSING', HOSTILE, HOSTILE))).not.toMatch(UNSAFE)
  })
})
