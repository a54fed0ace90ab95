import type { Bar } from '../suite.ts'
import { CLASSES } from './classes.ts'
import type { OverheadRow } from './parts/overhead.ts'
import type { AttackRow } from './results.ts'
import type { VerifyResults } from './run-parts.ts'

/** A row of the design's table of bars. */
export interface BarRow extends Bar {
  readonly what: string
  readonly asked: string
  /** The best published figure for the same thing. */
  readonly best: string
  /** As a reader wants it. */
  readonly shown: string
  readonly isMet: boolean
}

/** Every bar that was measured, in the order of the design; one that was not is left out. */
export function barsOf(results: VerifyResults): BarRow[] {
  return [
    ...CLASSES.flatMap(({ name }) => classBars(results, name)),
    ...bytesBars(results),
    ...overheadBars(results),
    ...disputeBars(results),
  ]
}

type Definition = Pick<BarRow, 'name' | 'what' | 'asked' | 'best' | 'unit'> & {
  readonly floor: number
  readonly value: number
  readonly shown: string
  readonly note?: string
  /** `most` where less is better. */
  readonly limit: 'least' | 'most'
}

function bar({ limit, ...rest }: Definition): BarRow {
  return { ...rest, isMet: limit === 'least' ? rest.value >= rest.floor : rest.value <= rest.floor }
}

function classBars({ parts }: VerifyResults, cls: string): BarRow[] {
  const of = (part: keyof typeof parts) => parts[part]?.rows.filter((row) => row.class === cls) ?? []
  const within = (part: 'sampling' | 'decode', names: readonly string[]) =>
    of(part).filter(({ attack }) => names.some((name) => attack.startsWith(name)))
  return [
    ...honestBars(cls, of('honest')),
    ...shareCaught(cls, of('models')),
    ...areaBars(cls, of('weights'), of('prompts')),
    ...seedBars(cls, within('sampling', ['wrong seed', 'edited copy', 'greedy'])),
    ...budgetBar(cls, within('sampling', ['T × 1.3', 'T × 0.7']), {
      name: 'temperature',
      what: 'T × 1.3 and × 0.7',
      budget: cls === 'fp32' ? '250 nats' : '400 nats',
      floor: 0.999,
      best: 'Token-DiFR: caught, in at most 300 tokens',
    }),
    ...budgetBar(cls, within('decode', ['nano']), {
      name: 'decode.nano',
      what: 'nano decodes, honest prefill',
      budget: '100 nats and 128 tokens',
      floor: 0.999,
      best: 'TOPLOC misses it; Token-DiFR at most 300 tokens',
    }),
    ...budgetBar(cls, within('decode', ['int4']), {
      name: 'decode.int4.128',
      what: 'int4 decodes, honest prefill',
      budget: '128 tokens',
      floor: 0.98,
      best: 'TOPLOC misses it; Token-DiFR at most 300 tokens',
    }),
    ...budgetBar(cls, within('decode', ['int4']), {
      name: 'decode.int4.250',
      what: 'int4 decodes, honest prefill',
      budget: '250 tokens',
      floor: 0.999,
      best: 'TOPLOC misses it; Token-DiFR at most 300 tokens',
    }),
    ...forgedBars(cls, of('forged')),
  ]
}

function honestBars(cls: string, rows: readonly AttackRow[]): BarRow[] {
  const honest = rows.find(({ attack }) => attack === 'honest')
  if (honest === undefined) return []
  const { rejected, tried, unjudged } = honest
  return [
    bar({
      name: `honest.rejected.${cls}`,
      what: `honest answers rejected, ${cls}`,
      asked: '0 of 10,000 or more',
      ...{ value: rejected, unit: `of ${tried}`, floor: 0, limit: 'most' },
      best: 'TOPLOC: 0',
      shown: `${rejected} of ${count(tried)}`,
      note: `${unjudged} inconclusive; at 95 % the rate is below ${rareBelow(rejected, tried)}`,
    }),
  ]
}

function shareCaught(cls: string, rows: readonly AttackRow[]): BarRow[] {
  if (rows.length === 0) return []
  const [tried, caught] = [sum(rows, ({ tried }) => tried), sum(rows, ({ rejected }) => rejected)]
  return [
    bar({
      name: `models.caught.${cls}`,
      what: `smaller or other model, ${cls}, answers of 32 tokens`,
      asked: '100 % of 1,000 or more',
      ...{ value: caught / tried, unit: 'share', floor: 1, limit: 'least' },
      best: 'TOPLOC: 100 %',
      shown: `${count(caught)} of ${count(tried)}`,
      note: rows.map(({ attack, rejected, tried }) => `${attack} ${rejected} of ${tried}`).join('; '),
    }),
  ]
}

function areaBars(cls: string, weights: readonly AttackRow[], prompts: readonly AttackRow[]): BarRow[] {
  const { others = [] } = CLASSES.find(({ name }) => name === cls) ?? {}
  const accuracy = others.flatMap(({ attack, kind }) => (kind === 'accuracy' ? [attack] : []))
  const isExact = cls === 'fp32'
  const edited = prompts.filter(({ attack }) => attack.includes('one character'))
  return [
    ...areaBar(
      cls,
      weights.filter(({ attack }) => !accuracy.includes(attack)),
      {
        name: 'weights',
        what: 'weights rounded, or in other blocks',
        rows: isExact ? 'oneRow' : 'fourRows',
        floor: isExact ? 0.9999 : 0.999,
        best: isExact ? 'Activation-DiFR: int4 .999 in 2 tokens; TOPLOC overlaps on int8' : '–',
      },
    ),
    ...areaBar(
      cls,
      weights.filter(({ attack }) => accuracy.includes(attack)),
      {
        name: 'accuracy',
        what: 'same weights at another accuracy level',
        rows: 'fourRows',
        floor: 0.99,
        best: '–',
      },
    ),
    ...(isExact
      ? areaBar(cls, edited, {
          name: 'prompt',
          what: 'prompt edited by one character',
          rows: 'oneRow',
          floor: 0.999,
          best: 'TOPLOC: prompt changes 100 %',
        })
      : []),
  ]
}

function areaBar(
  cls: string,
  rows: readonly AttackRow[],
  {
    name,
    what,
    rows: size,
    floor,
    best,
  }: Pick<BarRow, 'name' | 'what' | 'best'> & {
    readonly rows: 'oneRow' | 'fourRows'
    readonly floor: number
  },
): BarRow[] {
  const areas = rows.flatMap(({ attack, area }) => (area === undefined ? [] : [{ attack, area: area[size] }]))
  if (areas.length === 0) return []
  const worst = areas.reduce((a, b) => (b.area < a.area ? b : a))
  const seen = size === 'oneRow' ? 'one row' : 'four rows'
  return [
    bar({
      name: `${name}.area.${cls}`,
      what: `${what}, ${cls}`,
      asked: `AUC ≥ ${floor} in ${seen}`,
      ...{ value: worst.area, unit: 'AUC', floor, limit: 'least', best },
      shown: `${figure(worst.area)} (${worst.attack})`,
      note: areas.map(({ attack, area }) => `${attack} ${figure(area)}`).join('; '),
    }),
  ]
}

function seedBars(cls: string, rows: readonly AttackRow[]): BarRow[] {
  const delays = rows.flatMap(({ delay }) => delay ?? [])
  if (delays.length === 0) return []
  const runs = sum(delays, ({ runs }) => runs)
  const caught = sum(delays, ({ within }) => within['10 nats'] ?? 0)
  return [
    bar({
      name: `seed.caught.${cls}`,
      what: `wrong seed, copy or greedy, ${cls}, once S ≥ 10 nats`,
      asked: '≥ 99.99 %',
      ...{ value: caught / runs, unit: 'share', floor: 0.9999, limit: 'least' },
      best: 'Token-DiFR: at most 300 tokens; GRAIL: heuristic overlap',
      shown: `${count(caught)} of ${count(runs)}`,
      note: rows.map(({ attack, delay }) => `${attack} ${caughtOf(delay, '10 nats')}`).join('; '),
    }),
  ]
}

function budgetBar(
  cls: string,
  rows: readonly AttackRow[],
  {
    name,
    what,
    budget,
    floor,
    best,
  }: Pick<BarRow, 'name' | 'what' | 'best'> & {
    readonly budget: string
    readonly floor: number
  },
): BarRow[] {
  const delays = rows.flatMap(({ delay }) => delay ?? [])
  if (delays.length === 0) return []
  const runs = sum(delays, ({ runs }) => runs)
  const caught = sum(delays, ({ within }) => within[budget] ?? 0)
  return [
    bar({
      name: `${name}.caught.${cls}`,
      what: `${what}, ${cls}`,
      asked: `≥ ${100 * floor} % within ${budget}`,
      ...{ value: caught / runs, unit: 'share', floor, limit: 'least', best },
      shown: `${figure((100 * caught) / runs)} % (${count(caught)} of ${count(runs)})`,
      note: rows
        .map(
          ({ attack, delay }) =>
            `${attack}: 99.9 % in ${need(delay?.nats.p999)} nats, ${need(delay?.tokens.p999)} tokens`,
        )
        .join('; '),
    }),
  ]
}

function forgedBars(cls: string, rows: readonly AttackRow[]): BarRow[] {
  const honest = rows.find(({ attack }) => attack === 'honest sketches')
  const forged = rows.filter((row) => row !== honest)
  if (honest === undefined || forged.length === 0) return []
  const [tried, passed] = [sum(forged, ({ tried }) => tried), sum(forged, ({ accepted }) => accepted)]
  const judged = honest.accepted + honest.rejected
  return [
    bar({
      name: `forged.passed.${cls}`,
      what: `forged sketches that pass, ${cls}`,
      asked: '0 of 1,000,000',
      ...{ value: passed, unit: `of ${tried}`, floor: 0, limit: 'most' },
      best: 'GRAIL’s bound says 1e-167; simulated from its constants, > 90 % pass',
      shown: `${passed} of ${count(tried)}`,
      note: `${forged.length} kinds; honest sketches beside them: ${honest.rejected} of ${judged} rejected`,
    }),
  ]
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
      note: `with the codec’s own heads ${encoded.perAnswer.toFixed(1)}; 32 organic to 1 scored, 3 % of organic audited`,
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
          note: `ρ·(m·p + s)/(m + s) with ρ = ${figure(prefillShare)}, m = 32, s = 1, p = 0.03; answers of ${longest} tokens`,
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
        note: `with and without sketches in turns, median; answers of ${longest} tokens`,
      })
      return [...bars, own]
    })
}

function disputeBars({ parts }: VerifyResults): BarRow[] {
  const facts = parts.dispute?.facts as
    | {
        rounds: number
        reruns: number
        transcriptBytes: number
        refereeBytes: number
        tokens: number
        model: string
      }
    | undefined
  if (facts === undefined) return []
  const { rounds, reruns, transcriptBytes, refereeBytes, tokens, model } = facts
  const note = `${model}, ${tokens} tokens`
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
      ...{ limit: 'most', best, shown: count(value), note },
    })
  return [
    line('rounds', 'rounds', rounds, 20, 'rounds'),
    line('reruns', 'operators re-run', reruns, 1, 'operators'),
    line('transcript', 'bytes of the transcript', transcriptBytes, 10_000, 'bytes'),
    line('refereeInput', 'bytes of the referee’s input', refereeBytes, 1_000_000, 'bytes'),
  ]
}

export const count = (value: number) => value.toLocaleString('en-US')

export function figure(value: number): string {
  return String(Number(value.toPrecision(value > 0.99 && value < 1 ? 6 : 3)))
}

export const need = (value: number | null | undefined) =>
  value == null ? 'more than was tried' : figure(value)

const caughtOf = (delay: AttackRow['delay'], budget: string) =>
  delay === undefined ? '–' : `${delay.within[budget]} of ${delay.runs}`

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}

/** Upper 95 % bound of a rate of which so many were seen: 3/n for none (rule of three), else normal. */
function rareBelow(seen: number, tried: number): string {
  return figure(seen === 0 ? 3 / tried : (seen + 1.65 * Math.sqrt(seen) + 1.65) / tried)
}
