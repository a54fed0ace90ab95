import type { Bar } from '../../suite.ts'
import type { SwarmContext, SwarmPart } from '../part.ts'
import { playCells } from './play-cells.ts'
import { ownerScenario, STRANGERS, together } from './sharing.ts'
import { estimate } from './statistics.ts'

const HOTKEYS = [2, 4, 8, 16]
/** With --quick. */
const FEW = [2, 16]
/** Nats of surprise in an answer. */
const SURPRISES = [0.5, 2, 5, 10, 20, 40]
/** From here on there is a bar. */
const ASKED_NATS = 20

interface SharingRow {
  readonly hotkeys: number
  readonly surprise: number
  /** Who generates: the first hotkey when it is asked, or at each challenge one that is. */
  readonly by: 'first' | 'any'
  readonly others: 'copy' | 'miss' | 'refuse'
  /** What all of them together are paid, in honest miners; errors are standard errors over the seeds. */
  readonly pay: number
  readonly payError: number
  readonly answerPay: number
  readonly answerPayError: number
  /** Generations that they made, in honest miners; each hotkey judges by itself. */
  readonly work: number
}

/** What k hotkeys are paid that send one generation. */
export async function playSharing(seeds: number, context: SwarmContext): Promise<SharingRow[]> {
  const cells = (context.quick ? FEW : HOTKEYS).flatMap((hotkeys) => [
    ...SURPRISES.map((surprise) => ({ hotkeys, surprise, by: 'first' as const, others: 'copy' as const })),
    ...(['first', 'any'] as const).flatMap((by) =>
      (['copy', 'miss', 'refuse'] as const).flatMap((others) =>
        by === 'first' && others === 'copy' ? [] : [{ hotkeys, surprise: 40, by, others }],
      ),
    ),
  ])
  const scenarios = cells.map(({ hotkeys, surprise, by, others }) =>
    ownerScenario({ count: hotkeys, surprise, sharing: { by, others } }),
  )
  const played = await playCells(scenarios, seeds, context, 'one generation')
  return cells.map((cell, at) => {
    const [pay, answerPay, work] = (['pay', 'answerPay', 'made'] as const).map((what) =>
      estimate(together(scenarios[at]!, played[at]!, what)),
    ) as [ReturnType<typeof estimate>, ReturnType<typeof estimate>, ReturnType<typeof estimate>]
    return {
      ...cell,
      ...{ pay: pay.mean, payError: pay.error, answerPay: answerPay.mean, answerPayError: answerPay.error },
      work: work.mean,
    }
  })
}

interface SplitRow {
  readonly hotkeys: number
  readonly coldkeys: 'each' | 'one'
  /** On a model that nobody else runs. */
  readonly alone: boolean
  /** Together, over as many miners of different owners in the same places. */
  readonly pay: number
  /** A hotkey, over what the owner's one hotkey is paid where it has but one; the standard error over the seeds. */
  readonly overOne: number
  readonly overOneError: number
}

/** What k hotkeys of one owner are paid that each compute. */
export async function playSplit(seeds: number, context: SwarmContext): Promise<SplitRow[]> {
  const cells = [1, ...(context.quick ? FEW : HOTKEYS)].flatMap((hotkeys) =>
    (['each', 'one'] as const).flatMap((coldkeys) =>
      [false, true].map((alone) => ({ hotkeys, coldkeys, alone })),
    ),
  )
  const scenarios = cells.map(({ hotkeys, coldkeys, alone }) =>
    ownerScenario({ count: hotkeys, coldkeys, model: alone ? 'own' : 'small' }),
  )
  const played = await playCells(scenarios, seeds, context, 'split')
  const payOf = (wanted: (typeof cells)[number]) => {
    const at = cells.findIndex(
      ({ hotkeys, coldkeys, alone }) =>
        hotkeys === wanted.hotkeys && coldkeys === wanted.coldkeys && alone === wanted.alone,
    )
    return together(scenarios[at]!, played[at]!, 'pay')
  }
  return cells
    .filter(({ hotkeys }) => hotkeys > 1)
    .map((cell) => {
      const pay = payOf(cell)
      const strangers = payOf({ ...cell, coldkeys: 'each' })
      const one = payOf({ ...cell, hotkeys: 1 })
      const overOne = estimate(pay.map((value, seed) => value / cell.hotkeys / one[seed]!))
      return {
        ...cell,
        pay: estimate(pay.map((value, seed) => value / strangers[seed]!)).mean,
        ...{ overOne: overOne.mean, overOneError: overOne.error },
      }
    })
}

/** What hotkeys of one owner earn together: on one generation, and each computing. */
export const measureSharing: SwarmPart = async (context) => {
  const seeds = context.quick ? 2 : 10
  const shared = await playSharing(seeds, context)
  const split = await playSplit(seeds, context)
  return { facts: { strangers: STRANGERS, seeds, shared, split }, bars: barsOf(shared, split) }
}

function barsOf(shared: readonly SharingRow[], split: readonly SplitRow[]): Bar[] {
  const most = <Row>(rows: readonly Row[], of: (row: Row) => number) =>
    rows.reduce((worst, row) => (of(row) > of(worst) ? row : worst))
  const fixed = shared.filter(({ by }) => by === 'first')
  const asked = most(
    fixed.filter(({ surprise }) => surprise >= ASKED_NATS),
    ({ pay }) => pay,
  )
  const below = SURPRISES.filter((nats) => nats < ASKED_NATS).map((nats): Bar => {
    const row = most(
      fixed.filter(({ surprise }) => surprise === nats),
      ({ pay }) => pay,
    )
    const note = `± ${row.payError.toFixed(3)}; worst k is ${row.hotkeys}; reported, no bar`
    return { name: `shared.pay.S${nats}`, value: row.pay, unit: 'miners', note }
  })
  const turns = most(
    shared.filter(({ by }) => by === 'any'),
    ({ pay, work }) => pay / work,
  )
  const apart = most(split, ({ pay, hotkeys }) => pay + hotkeys / 1e6)
  return [
    {
      ...{ name: 'shared.pay', value: asked.pay, unit: 'miners', floor: 1.05 },
      note: `± ${asked.payError.toFixed(3)}; worst k is ${asked.hotkeys}, S = ${asked.surprise} nats, the others ${asked.others}`,
    },
    ...below,
    {
      ...{ name: 'shared.turns.pay', value: turns.pay / turns.work, unit: 'ratio' },
      note: `± ${(turns.payError / turns.work).toFixed(3)}; taking turns in generating, over ${turns.work.toFixed(2)} miners’ generations; k = ${turns.hotkeys}, the others ${turns.others}; answers alone ${(turns.answerPay / turns.work).toFixed(3)}`,
    },
    {
      ...{ name: 'split.pay', value: apart.pay, unit: 'ratio', floor: 1 },
      note: `over as many strangers with the same luck; a hotkey of ${apart.hotkeys} over the only one ${apart.overOne.toFixed(3)} ± ${apart.overOneError.toFixed(3)}`,
    },
  ]
}
