import { auditAnswers } from '../../round/audit.ts'
import type { AuditedAnswer } from '../../round/types.ts'
import type { AuditModels } from '../models.ts'
import type { RoundFile } from '../read-round.ts'
import type { Fault } from '../report.ts'
import { difference, faultOf } from '../same.ts'
import type { FileAnswer } from './answers.ts'

/**
 * Two processors sum in different orders, so that what was measured differs in its last digits: by so much, and by such a share.
 * Verdicts don't: they have tolerances of their own, a hundred times wider than that.
 */
const SLACK = 1e-3
const SHARE = 0.02
/** Figures that are so; how far honest hidden states lie apart is another matter on another processor. */
const COMPARED = ['surprise', 'tokens', 'largestMargin']
/** Evidence is in units of its threshold. */
const EVIDENCE_SLACK = 0.02

/** Audits every answer again, as the validator did, and compares. Without engines it finds no more than needs none. */
export async function auditFaults(
  file: RoundFile,
  answers: readonly FileAnswer[],
  validator: Uint8Array,
  { engines, calibrations }: Pick<AuditModels, 'engines' | 'calibrations'>,
): Promise<Fault[]> {
  const again = await auditAnswers(
    answers.map(({ attempt }) => attempt),
    {
      ...{ validator, engines, calibrations },
      beacon: file.beacon.record.vrf.output,
      config: file.round.record.config.round,
    },
  )
  return answers.flatMap(({ placed, audited }, i) => {
    const found = again[i]!
    if (engines.length === 0 && found.result === 'inconclusive') return []
    const parted = verdictDifference(audited, found) ?? numbersDifference(audited, found)
    return parted === undefined ? [] : [faultOf(placed, parted.why, parted.field)]
  })
}

type Parted = { readonly why: string; readonly field: string }

function verdictDifference(said: AuditedAnswer, found: AuditedAnswer): Parted | undefined {
  if (said.result !== found.result) {
    const because = found.reason === '' ? '' : `: ${found.reason}`
    return { field: 'result', why: `says ${said.result}, and this audit says ${found.result}${because}` }
  }
  if (said.correct !== found.correct) {
    const truth = found.correct === true ? 'right' : 'not right'
    return { field: 'correct', why: `says otherwise, and the answer is ${truth}` }
  }
  if (withoutNumbers(said.reason) === withoutNumbers(found.reason)) return undefined
  return { field: 'reason', why: `says “${said.reason}”, and this audit says “${found.reason}”` }
}

function numbersDifference(said: AuditedAnswer, found: AuditedAnswer): Parted | undefined {
  if (!isNear(said.surprise, found.surprise))
    return { field: 'surprise', why: `says ${said.surprise} nats, and this audit says ${found.surprise}` }
  const kinds = difference(outlineOf(said), outlineOf(found))
  if (kinds !== undefined) return { field: kinds.field ?? 'findings', why: kinds.why }
  for (const [i, { figures = {} }] of (said.findings ?? []).entries()) {
    for (const key of COMPARED) {
      const mine = found.findings![i]!.figures?.[key]
      const value = figures[key]
      if (mine !== undefined && value !== undefined && !isNear(value, mine))
        return { field: `findings.${i}.figures.${key}`, why: `says ${value}, and this audit says ${mine}` }
    }
  }
  for (const [i, { statistic, pair: _pair, ...sums }] of (said.evidence ?? []).entries()) {
    const { pair: _other, statistic: _same, ...own } = found.evidence![i]!
    for (const [key, value] of Object.entries(sums)) {
      const mine = own[key as keyof typeof own]
      if (Math.abs(value - mine) > EVIDENCE_SLACK + SHARE * Math.abs(mine))
        return {
          field: `evidence.${i}.${key}`,
          why: `${statistic} says ${value}, and this audit says ${mine}`,
        }
    }
  }
  return undefined
}

/** Which verifiers found what, and which statistics there are, without a number. */
function outlineOf({ findings = [], evidence = [] }: AuditedAnswer) {
  return {
    findings: findings.map(({ verifier, verdict, reason, figures = {} }) => {
      return { verifier, verdict, reason: withoutNumbers(reason), figures: Object.keys(figures).sort() }
    }),
    evidence: evidence.map(({ statistic, pair }) => ({ statistic, pair })),
  }
}

function withoutNumbers(reason: string): string {
  return reason.replaceAll(/-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/g, '#')
}

function isNear(said: number, found: number): boolean {
  return Math.abs(said - found) <= SLACK + SHARE * Math.abs(found)
}
