import type { MinerRow, RowJudging } from '../../shared/proof/miner-row.ts'
import type { CheckLine } from '../check-line.ts'

/** Where rows and this page round alike; far below what a weight shows. */
const EQUAL = 1e-9

/** What the parts of a row add up to by the formula of docs/scoring.md; undefined where the row does not name its numbers. */
export function scoreOf({ answer, judge, terms }: MinerRow): number | undefined {
  if (terms === undefined) return undefined
  const { judgeShare, coldkeyShare } = terms
  return Math.min(1, (1 - judgeShare) * answer + judgeShare * judge) * coldkeyShare
}

/** Holds a row against its own formula: score from answer and judge pay, and answer from its parts. */
export function checkFormula(row: MinerRow): CheckLine {
  const name = 'formula'
  const { score, answer, verified, quality, terms } = row
  const expected = scoreOf(row)
  if (terms === undefined || expected === undefined)
    return { name, verdict: 'open', detail: 'the row does not name the numbers of its formula' }
  const { qualityExponent, speedExponent, speed } = terms
  const made = verified * quality ** qualityExponent * speed ** speedExponent
  if (Math.abs(made - answer) > EQUAL)
    return {
      name,
      verdict: 'fail',
      detail: `its parts make answers worth ${made}, and the row says ${answer}: ask the validator`,
    }
  if (Math.abs(expected - score) <= EQUAL)
    return { name, verdict: 'pass', detail: 'the score is what its parts make' }
  if (score === 0 && row.reasons.length > 0)
    return { name, verdict: 'pass', detail: `${points(expected)} is withheld, for the reasons above` }
  return {
    name,
    verdict: 'fail',
    detail: `its parts make ${expected}, and the row says ${score}: ask the validator`,
  }
}

/** How the score came about, line by line, with the row's own numbers. */
export function scoreLines(row: MinerRow): string[] {
  const { answer, judge, verified, quality, terms } = row
  const lines = [`score    ${points(row.score)}`]
  if (terms === undefined) return [...lines, ...partLines(row)]
  const { judgeShare, coldkeyShare, qualityExponent, speedExponent, speed } = terms
  const shared = coldkeyShare < 1 ? `, of which × ${points(coldkeyShare)} is this hotkey’s share` : ''
  const total = (1 - judgeShare) * answer + judgeShare * judge
  const factors = [
    { name: 'verified', value: verified, exponent: 1 },
    { name: 'quality', value: quality, exponent: qualityExponent },
    { name: 'speed', value: speed, exponent: speedExponent },
  ].filter(({ exponent }) => exponent !== 0)
  const names = factors.map(({ name, exponent }) => name + power(exponent)).join(' · ')
  const values = factors.map(({ value, exponent }) => points(value) + power(exponent)).join(' · ')
  return [
    ...lines,
    `         (1 − β) · answer + β · judge = ${points(1 - judgeShare)} · ${points(answer)} + ${points(judgeShare)} · ${points(judge)} = ${points(total)}${shared}`,
    `answer   ${names} = ${values} = ${points(answer)}`,
    ...partLines(row),
  ]
}

/** What the parts mean. */
function partLines({ verified, quality, judge, model }: MinerRow): string[] {
  return [
    `verified ${points(verified)}: how good its conduct has been; it closes a part of the gap in each round`,
    `quality  ${points(quality)}: of all verified answers of ${model}, whoever gave them`,
    `judge    ${points(judge)}: how far above chance it judges gold, split among the judges of its voice`,
  ]
}

/** What happened in the round, line by line. */
export function roundLines(row: MinerRow): string[] {
  const { accepted, rejected, inconclusive, missed, refused, goldAsked, goldRight, winRate, surprise } = row
  return [
    `answers  ${accepted} accepted, ${rejected} rejected, ${inconclusive} inconclusive, ${missed} missed, ${refused} refused`,
    `gold     ${goldRight} of ${goldAsked} right`,
    `judged   ${winRate === null ? 'by nobody' : `as good as ${points(winRate)} of its rivals’ answers`}`,
    `surprise ${surprise.toFixed(1)} nats in its accepted answers`,
    ...(row.judging === undefined ? [] : [judgingLine(row.judging)]),
  ]
}

function judgingLine(judging: RowJudging): string {
  const { completed, asked, verdicts, replayed, mismatched, canaries, obeyed, trust } = judging
  const planted = canaries === 0 ? '' : `; ${obeyed} of ${canaries} planted answers preferred`
  return `judging  ${completed} of ${asked} challenges, ${verdicts} verdicts, ${replayed} of them replayed, ${mismatched} wrongly given${planted}; trust ${trust.toFixed(2)} nats`
}

const points = (value: number) => value.toFixed(3)
const power = (exponent: number) => (exponent === 1 ? '' : `^${exponent}`)
