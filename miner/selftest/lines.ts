import type { ModelInfo, VerificationLevel } from '../../shared/inference/engine.ts'
import { SCORED_LEVEL } from '../../shared/inference/registry/registry.ts'
import { applyStretch } from '../../shared/proof/cusum.ts'
import type { CheckLine } from '../check-line.ts'
import { ROUND, type TriedAnswer } from './try-answers.ts'

/** Nats that a round's accepted answers must hold together before they earn credit, by default. */
export const CREDIT_NATS = 10

/** What a level proves, and why it is no more. */
const LEVELS: Readonly<Record<VerificationLevel, string>> = {
  0: 'that an answer came in time; it tells neither token ids nor log-probabilities to check more by',
  1: 'that the model finds an answer likely; it does not sample with the miner’s own seed, so an answer is nobody’s work',
  2: 'that the model chose the tokens with the miner’s seed; its hidden states are not compared',
  3: 'that the model chose the tokens, and computed these hidden states',
}

/** Whether what the model counts as in its class is scored at all. */
export function levelLine({ executionClass }: ModelInfo, level: VerificationLevel): CheckLine {
  const name = 'level'
  const detail = `${level} in class ${executionClass}: proves ${LEVELS[level]}`
  if (level >= SCORED_LEVEL) return { name, verdict: 'pass', detail }
  const remedy = `only level ${SCORED_LEVEL} and above is scored: it serves, and earns nothing; run the model on the engine that comes with the miner`
  return { name, verdict: 'fail', detail: `${detail}; ${remedy}` }
}

/** What all answers together say, each kind of check in a line. */
export function answerLines(
  tried: readonly TriedAnswer[],
  failures: readonly string[],
  seconds: number,
): CheckLine[] {
  const asked = tried.length + failures.length
  if (tried.length === 0) {
    const detail = `none of ${asked} came: ${failures[0]}`
    return [{ name: 'answers', verdict: 'fail', detail }]
  }
  return [
    answersLine(tried, failures),
    commitLine(tried),
    ...verifierLines(tried),
    ...verdictLines(tried),
    ...evidenceLines(tried),
    surpriseLine(tried),
    speedLine(tried, seconds),
  ]
}

function answersLine(tried: readonly TriedAnswer[], failures: readonly string[]): CheckLine {
  const name = 'answers'
  const asked = tried.length + failures.length
  if (failures.length === 0) return { name, verdict: 'pass', detail: `${asked} of ${asked}` }
  const detail = `${tried.length} of ${asked}; the first that failed: ${failures[0]}`
  return { name, verdict: 'fail', detail }
}

/** Whether reveals open their commits, have the shape that they say, and spell their text. */
function commitLine(tried: readonly TriedAnswer[]): CheckLine {
  const name = 'commits'
  const faulty = tried.filter(({ verdict }) => verdict.verdict === 'reject' && verdict.findings.length === 0)
  if (faulty.length === 0)
    return { name, verdict: 'pass', detail: `${tried.length} opened, shape and text as they should be` }
  const remedy = 'this is a fault of the miner: report it, with the model and the command'
  return {
    name,
    verdict: 'fail',
    detail: `${faulty.length} of ${tried.length}: ${faulty[0]!.verdict.reason}; ${remedy}`,
  }
}

/** One line a verifier, with its largest figure. */
function verifierLines(tried: readonly TriedAnswer[]): CheckLine[] {
  const findings = tried.flatMap(({ verdict }) => verdict.findings)
  return [...new Set(findings.map(({ verifier }) => verifier))].map((name) => {
    const own = findings.filter(({ verifier }) => verifier === name)
    const rejected = own.filter(({ verdict }) => verdict === 'reject')
    const open = own.filter(({ verdict }) => verdict === 'inconclusive')
    const figure = figureOf(
      name,
      own.map(({ figures }) => figures ?? {}),
    )
    const [worst] = [...rejected, ...open]
    if (worst === undefined) return { name, verdict: 'pass', detail: `${own.length} accepted, ${figure}` }
    const remedy =
      rejected.length > 0
        ? 'the engine does not compute what validators compute: restore the model and its calibration, and try --device cpu'
        : 'calibrate this pair of classes with npm run calibrate, or serve another class'
    const count = rejected.length > 0 ? `${rejected.length} rejected` : `${open.length} inconclusive`
    const detail = `${count} of ${own.length}, ${figure}: ${worst.reason}; ${remedy}`
    return { name, verdict: rejected.length > 0 ? 'fail' : 'open', detail }
  })
}

/** What comes of all verifiers together; silent where there was nothing to ask. */
function verdictLines(tried: readonly TriedAnswer[]): CheckLine[] {
  const name = 'verdict'
  const audited = tried.filter(({ verdict }) => verdict.findings.length > 0)
  if (audited.length === 0) return []
  const accepted = audited.filter(({ verdict }) => verdict.verdict === 'accept')
  const levels = accepted.map(({ verdict }) => verdict.level)
  if (accepted.length < audited.length) {
    const detail = `${accepted.length} of ${audited.length} accepted; only accepted answers are paid`
    return [{ name, verdict: 'fail', detail }]
  }
  const detail = `all ${accepted.length} accepted, at level ${Math.min(...levels)}`
  return [{ name, verdict: 'pass', detail }]
}

function figureOf(verifier: string, figures: readonly Readonly<Record<string, number>>[]): string {
  const largest = (key: string) => Math.max(0, ...figures.map((figure) => figure[key] ?? 0))
  if (verifier === 'replay') {
    const margin = largest('largestMargin')
    return `largest margin ${margin === 0 ? 0 : margin.toExponential(1)} of a logit`
  }
  if (verifier === 'sketches')
    return `largest distance ${percent(largest('shareOfThreshold'))} of its threshold`
  return 'no figure'
}

/** What the answers add up to, one after another: honest ones stay far below an alarm. */
function evidenceLines(tried: readonly TriedAnswer[]): CheckLine[] {
  const sums = new Map<string, { sum: number; peak: number }>()
  for (const { verdict } of tried) {
    for (const { statistic, ...stretch } of verdict.evidence) {
      const before = sums.get(statistic) ?? { sum: 0, peak: 0 }
      const { sum, peak } = applyStretch(before.sum, stretch)
      sums.set(statistic, { sum, peak: Math.max(before.peak, peak) })
    }
  }
  return [...sums].map(([statistic, { sum, peak }]) => {
    const name = `evidence, ${statistic}`
    const detail = `stands at ${percent(sum)} of an alarm, ${percent(peak)} at most`
    if (peak < 1) return { name, verdict: 'pass', detail }
    const remedy =
      'validators reject at 100 %: the engine rounds otherwise than theirs, so serve another class'
    return { name, verdict: 'fail', detail: `${detail}; ${remedy}` }
  })
}

/** Whether the answers say enough to be anybody's. */
function surpriseLine(tried: readonly TriedAnswer[]): CheckLine {
  const name = 'surprise'
  const tokens = sum(tried.map((answer) => answer.tokens))
  const nats = sum(tried.map(({ verdict }) => verdict.surprise))
  const read = tried.some(({ verdict }) => verdict.findings.length > 0)
  if (!read) return { name, verdict: 'open', detail: 'not known without a replay' }
  const detail = `${(nats / tokens).toFixed(2)} nats a token, ${(nats / tried.length).toFixed(0)} an answer`
  if (nats >= CREDIT_NATS) return { name, verdict: 'pass', detail }
  const remedy = `a round with less than ${CREDIT_NATS} nats earns no credit: serve a model that is less sure of itself`
  return { name, verdict: 'fail', detail: `${detail}; ${remedy}` }
}

function speedLine(tried: readonly TriedAnswer[], seconds: number): CheckLine {
  const name = 'speed'
  const tokens = sum(tried.map((answer) => answer.tokens))
  const slowest = Math.max(...tried.map(({ milliseconds }) => milliseconds))
  const share = slowest / ROUND.commitMs
  const detail = `${Math.round(tokens / seconds)} tokens/s, ${tried.length} at once; slowest commit ${(slowest / 1000).toFixed(1)} s, ${percent(share)} of the usual deadline`
  // A round may ask for several times as many.
  if (share < 0.5) return { name, verdict: 'pass', detail }
  const remedy =
    'validators may ask for more at once: give --threads and --dedicated, another --device, or a smaller model'
  return { name, verdict: share < 1 ? 'open' : 'fail', detail: `${detail}; ${remedy}` }
}

const percent = (share: number) => (share === 0 ? '0 %' : `${(share * 100).toPrecision(2)} %`)
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
