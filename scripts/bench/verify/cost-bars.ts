import { type BarRow, bar, count, figure } from './bar-row.ts'
import type { DisputeFacts } from './parts/dispute.ts'
import type { OverheadRow } from './parts/overhead.ts'
import type { VerifyResults } from './run-parts.ts'

/** What verification costs: bytes, work on both sides, and disputes. */
export function costBars(results: VerifyResults): BarRow[] {
  return [...bytesBars(results), ...overheadBars(results), ...disputeBars(results)]
}

function bytesBars({ parts }: VerifyResults): BarRow[] {
  const facts = parts.bytes?.facts as
    | { fields: { perAnswer: number }; encoded: { perAnswer: number }; toploc: number }
    | undefined
  if (facts === undefined) return []
  const { fields, encoded, toploc } = facts
  return [
    bar({
      name: 'bytes.perAnswer',
      what: 'bytes of proof an answer of 512 tokens, on average',
      asked: '≤ 130',
      ...{ value: fields.perAnswer, unit: 'bytes', floor: 130, published: toploc, limit: 'most' },
      best: `TOPLOC ${count(toploc)}`,
      shown: fields.perAnswer.toFixed(1),
      detail: `with the codec’s own heads ${encoded.perAnswer.toFixed(1)}; 32 organic to 1 scored, 3 % of organic audited`,
    }),
  ]
}

function overheadBars({ parts }: VerifyResults): BarRow[] {
  const rows = (parts.overhead?.timings.overhead ?? []) as readonly OverheadRow[]
  const longest = rows.reduce((most, { answerTokens }) => Math.max(most, answerTokens), 0)
  return rows
    .filter(({ answerTokens }) => answerTokens === longest)
    .flatMap(({ batch, prefillShare, validator, miner }) => {
      const floor = batch === 1 ? 0.01 : 0.045
      const bars = [
        bar({
          name: `validator.overhead.b${batch}`,
          what: `validator’s work over generating the same traffic, batch ${batch}`,
          asked: `≤ ${100 * floor} %`,
          ...{ value: validator, unit: 'share', floor, limit: 'most' },
          best: 'VeriLLM about 1 %, SAE 2.1 %',
          shown: `${figure(100 * validator)} %`,
          detail: `ρ·(m·p + s)/(m + s) with ρ = ${figure(prefillShare)}, m = 32, s = 1, p = 0.03; answers of ${longest} tokens`,
        }),
      ]
      if (batch === 1) return bars
      const own = bar({
        name: `miner.overhead.b${batch}`,
        what: `miner’s overhead, batch ${batch}`,
        asked: '≤ 3 %',
        ...{ value: miner, unit: 'share', floor: 0.03, limit: 'most' },
        best: 'SAE 2.1 %',
        shown: `${figure(100 * miner)} %`,
        detail: `with and without sketches in turns, median; answers of ${longest} tokens`,
      })
      return [...bars, own]
    })
}

function disputeBars({ parts }: VerifyResults): BarRow[] {
  const facts = parts.dispute?.facts as DisputeFacts | undefined
  if (facts === undefined) return []
  const { rounds, operatorsRerun, transcriptBytes, refereeInputBytes, positions, model } = facts
  const detail = `${model}, ${positions} positions`
  const best = 'Verde: one operator, +30 to +126 % always'
  const line = (name: string, what: string, value: number, floor: number, unit: string) =>
    bar({
      ...{
        name: `dispute.${name}`,
        what: `dispute: ${what}`,
        asked: `≤ ${count(floor)}`,
        value,
        unit,
        floor,
      },
      ...{ limit: 'most', best, shown: count(value), detail },
    })
  return [
    line('rounds', 'rounds', rounds, 20, 'rounds'),
    line('reruns', 'operators re-run', operatorsRerun, 1, 'operators'),
    line('transcript', 'bytes of the transcript', transcriptBytes, 10_000, 'bytes'),
    line('refereeInput', 'bytes of the referee’s input', refereeInputBytes, 1_000_000, 'bytes'),
  ]
}
