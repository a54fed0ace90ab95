import { FIXED_BYTES, openingBytes } from '../../../shared/proof/evidence/economics.ts'
import { markdownTable as table } from '../markdown-table.ts'
import { type BarRow, count, figure, need } from './bar-row.ts'
import { barsOf } from './bars.ts'
import { CLASSES } from './classes.ts'
import { PROOF_SHAPE } from './parts/bytes.ts'
import type { ToplocRow } from './parts/toploc.ts'
import { PART_NAMES, type PartName } from './parts.ts'
import type { AttackRow } from './results.ts'
import type { VerifyResults } from './run-parts.ts'

/** The tables of docs/verification.md by name, as Markdown. A row that was never run is in none of them. */
export function tablesOf(results: VerifyResults): Record<string, string> {
  return {
    bars: table(
      ['what', 'bar', 'measured', 'best published', 'met'],
      barsOf(results).map((row) => [row.what, row.asked, row.shown, row.best, verdictOf(row)]),
    ),
    attacks: table(
      [
        'attack',
        'class',
        'tried',
        'passed',
        'answers needed',
        'tokens needed',
        'nats needed',
        'AUC in 1 row, in 4',
        'bytes of evidence',
      ],
      PART_NAMES.flatMap((part) =>
        (results.parts[part]?.rows ?? []).flatMap((row) => (isAttack(row) ? [attackCells(part, row)] : [])),
      ),
    ),
    toploc: table(
      [
        'answers',
        'class',
        'tried',
        'TOPLOC passes',
        'of its chunks',
        'mantissa error',
        'sketches pass',
        'bytes, TOPLOC and sketches',
      ],
      ((results.parts.toploc?.facts?.toploc ?? []) as readonly ToplocRow[]).map(toplocCells),
    ),
    run: runLine(results),
  }
}

function verdictOf(row: BarRow): string {
  if (!row.isMet) return missed(row)
  return row.wanted === undefined ? 'yes' : `so far; fewer than ${count(row.wanted)} were tried`
}

/** By how much, in the unit of the bar. */
function missed({ value, floor = 0, detail }: BarRow): string {
  const by = Math.abs(value - floor)
  const share = floor === 0 ? '' : `, ${figure((100 * by) / floor)} %`
  return `no, by ${figure(by)}${share}: ${detail}`
}

const isAttack = ({ attack }: AttackRow) => !attack.startsWith('honest')

/** Of an answer of 512 tokens: the longest paths that the bar knows. */
const OPENINGS = `≤ ${openingBytes(PROOF_SHAPE)}`

/** Bytes that a validator is sent to find it: tokens are the answer itself; openings of long answers are the longest. */
const EVIDENCE: Readonly<Partial<Record<PartName, string>>> = {
  sampling: '0',
  decode: '0',
  models: OPENINGS,
  weights: OPENINGS,
  prompts: OPENINGS,
  forged: OPENINGS,
  protocol: String(FIXED_BYTES),
  toploc: '258 a chunk',
}

function attackCells(part: PartName, row: AttackRow): string[] {
  const { attack, tried, accepted, unjudged, answers, delay, area } = row
  const both = (value: { median: number | null; p999: number | null } | undefined) =>
    value === undefined
      ? ''
      : value.median === value.p999
        ? need(value.median)
        : `${need(value.median)}, 99.9 %: ${need(value.p999)}`
  return [
    ...[
      attack,
      row.class,
      count(tried),
      `${count(accepted)}${unjudged === 0 ? '' : ` (${count(unjudged)} inconclusive)`}`,
    ],
    ...[both(answers), both(delay?.tokens), both(delay?.nats)],
    area === undefined ? '' : `${figure(area.oneRow)}, ${figure(area.fourRows)}`,
    EVIDENCE[part] ?? '',
  ]
}

function toplocCells(row: ToplocRow): string[] {
  const { attack, answers, toplocPassed, chunks, chunksPassed, mantissaMean, sketchesPassed } = row
  const { smallest, largest } = mantissaMean
  const error =
    Number.isFinite(smallest) && smallest !== null
      ? `${figure(smallest)} to ${figure(largest)}`
      : 'none matches'
  return [
    ...[
      attack,
      row.class,
      count(answers),
      count(toplocPassed),
      `${count(chunksPassed)} of ${count(chunks)}`,
      error,
    ],
    ...[count(sketchesPassed), `${row.toplocBytes.toFixed(0)}, ${row.sketchBytes.toFixed(0)}`],
  ]
}

function runLine({ model, quick, seed, parts }: VerifyResults): string {
  const seconds = PART_NAMES.reduce((sum, name) => sum + (parts[name]?.timings.seconds ?? 0), 0)
  const changed = parts.weights?.facts?.changedByFloat16
  const float16 = changed === undefined ? '' : ` Rounding its weights to fp16 changes ${changed} of them.`
  const measured = new Set(Object.values(parts).flatMap(({ rows }) => rows.map((row) => row.class)))
  const leftOut = CLASSES.flatMap(({ name }) => (measured.has(name) ? [] : [name]))
  const left =
    leftOut.length === 0
      ? ''
      : ` Not measured, as the model is not calibrated in them: ${leftOut.join(', ')}.`
  const sizes = quick ? 'small samples (`--quick`)' : 'full samples'
  return `Model \`${model.name}\`, seed ${seed}, ${sizes}, ${(seconds / 60).toFixed(0)} minutes on two cores.${float16}${left}`
}
