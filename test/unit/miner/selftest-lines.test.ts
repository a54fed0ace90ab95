import { describe, expect, it } from 'vitest'
import { answerLines, CREDIT_NATS } from '../../../miner/selftest/lines.ts'
import { ROUND, type TriedAnswer } from '../../../miner/selftest/try-answers.ts'
import type { Evidence } from '../../../shared/proof/evidence/evidence.ts'
import type { ClaimVerdict } from '../../../shared/verify/verify-claim.ts'
import { defaultScoringConfig } from '../../../validator/scoring/config.ts'

const replay = {
  verifier: 'replay',
  verdict: 'accept',
  reason: '',
  figures: { largestMargin: 2e-6 },
} as const
const evidence = (total: number): Evidence => {
  const rise = Math.max(0, total)
  return { statistic: 'margin', pair: 'a>b', total, rise, end: rise, peak: rise }
}

function tried(change: Partial<ClaimVerdict> = {}, milliseconds = 1_000): TriedAnswer {
  const verdict: ClaimVerdict = {
    ...{ verdict: 'accept', reason: '', level: 3, surprise: 20, evidence: [], findings: [replay] },
    ...change,
  }
  return { milliseconds, tokens: 100, verdict }
}

const line = (name: string, all: TriedAnswer[], failures: string[] = []) =>
  answerLines(all, failures, 2).find((one) => one.name === name)

describe('what answers of a self-test say together', () => {
  it('adds up evidence from answer to answer', () => {
    const small = tried({ evidence: [evidence(0.4)] })
    expect(line('evidence, margin', [small, small])).toMatchObject({ verdict: 'pass' })
    expect(line('evidence, margin', [small, small])?.detail).toMatch(/80 % of an alarm/)
    expect(line('evidence, margin', [small, small, small])).toMatchObject({ verdict: 'fail' })
    const good = tried({ evidence: [evidence(-0.4)] })
    expect(line('evidence, margin', [small, small, good])?.detail).toMatch(/40 % of an alarm, 80 % at most/)
  })

  it.each([
    [ROUND.commitMs * 0.4, 'pass'],
    [ROUND.commitMs * 0.7, 'open'],
    [ROUND.commitMs * 1.1, 'fail'],
  ])('holds %d ms against the deadline', (milliseconds, verdict) => {
    expect(line('speed', [tried(), tried({}, milliseconds)])).toMatchObject({ verdict })
  })

  it('wants as much surprise as earns credit', () => {
    expect(CREDIT_NATS).toBe(defaultScoringConfig.creditNats)
    expect(line('surprise', [tried({ surprise: 4 }), tried({ surprise: 5 })])).toMatchObject({
      verdict: 'fail',
    })
    expect(line('surprise', [tried({ surprise: 4 }), tried({ surprise: 7 })])?.detail).toMatch(/0\.06 nats/)
  })

  it('does not pass where a verifier can’t say, and so nothing is accepted', () => {
    const unsure = { ...replay, verdict: 'inconclusive', reason: 'not calibrated' } as const
    const open = tried({ verdict: 'inconclusive', level: 0, findings: [unsure] })
    expect(line('replay', [open])).toMatchObject({
      verdict: 'open',
      detail: expect.stringMatching(/calibrate/),
    })
    expect(line('verdict', [open, tried()])).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(/1 of 2/),
    })
  })

  it('names the first answer that failed', () => {
    expect(line('answers', [tried()], ['error BUSY: full'])?.detail).toMatch(/1 of 2.*BUSY/)
  })
})
