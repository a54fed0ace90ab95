import { type BarRow, bar, count, figure, NOTHING, need } from './bar-row.ts'
import { CLASSES } from './classes.ts'
import { FORGERIES } from './forgery/forgeries.ts'
import type { AttackRow } from './results.ts'
import type { VerifyResults } from './run-parts.ts'

/** Bars of one class, in the order of the design. */
export function classBars({ parts }: VerifyResults, cls: string): BarRow[] {
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
      sample: { tried, wanted: 10_000 },
      detail: `${unjudged} inconclusive${rejected === 0 ? `; at 95 % fewer than ${figure((100 * 3) / tried)} % are` : ''}`,
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
      sample: { tried, wanted: 1_000 * rows.length },
      detail: rows.map(({ attack, rejected, tried }) => `${attack} ${rejected} of ${tried}`).join('; '),
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
        best: isExact ? 'Activation-DiFR: int4 .999 in 2 tokens; TOPLOC overlaps on int8' : NOTHING,
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
        best: NOTHING,
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
      detail: areas.map(({ attack, area }) => `${attack} ${figure(area)}`).join('; '),
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
      sample: { tried: runs, wanted: 10_000 },
      detail: rows.map(({ attack, delay }) => `${attack} ${caughtOf(delay, '10 nats')}`).join('; '),
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
      sample: { tried: runs, wanted: 1_000 },
      detail: rows
        .map(
          ({ attack, delay }) =>
            `${attack}: 99.9 % in ${need(delay?.nats.p999)} nats, ${need(delay?.tokens.p999)} tokens, at ${need(delay?.natsPerToken)} nats a token`,
        )
        .join('; '),
    }),
  ]
}

function forgedBars(cls: string, rows: readonly AttackRow[]): BarRow[] {
  const honest = rows.find(({ attack }) => attack === 'honest sketches')
  const forged = rows.filter(({ attack }) => Object.hasOwn(FORGERIES, attack))
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
      sample: { tried, wanted: 1_000_000 },
      detail: `${forged.length} kinds; honest sketches beside them: ${honest.rejected} of ${judged} rejected`,
    }),
  ]
}

const caughtOf = (delay: AttackRow['delay'], budget: string) =>
  delay === undefined ? NOTHING : `${delay.within[budget]} of ${delay.runs}`

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}
