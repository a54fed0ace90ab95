import type { Answerer } from './answers.ts'
import type { RealJudge } from './judging.ts'
import type { ModelName } from './models.ts'

/** Who answers and who judges in a fixed field; nobody does both. */
export interface RealSwarm {
  readonly name: 'mixed' | 'alike' | 'varied'
  readonly answerers: readonly Answerer[]
  readonly judges: readonly RealJudge[]
}

/** Sampling temperature of a round. */
const T = 0.8

function miners(model: ModelName, count: number, change: Partial<Answerer> = {}): Answerer[] {
  return Array.from({ length: count }, (_, i) => {
    const kind = { model, precision: 'fp32', temperature: T, ...change } as const
    return { ...kind, name: `${model} ${kind.precision} T${kind.temperature} no. ${i + 1}` }
  })
}

function judges(model: ModelName, count: number): RealJudge[] {
  return Array.from({ length: count }, (_, i) => ({ model, name: `judge ${model} no. ${i + 1}` }))
}

/**
 * 5 nano + 5 small + 5 base. Judges of one voice smooth its dice and reach more pairs, which pays where the voice has weight: base's
 * has two, and nano's next to no weight.
 */
export const MIXED: RealSwarm = {
  name: 'mixed',
  answerers: [...miners('nano', 5), ...miners('small', 5), ...miners('base', 5)],
  judges: [...judges('nano', 1), ...judges('small', 1), ...judges('base', 2)],
}

/** 15 small: nobody knows better than the others. */
export const ALIKE: RealSwarm = { name: 'alike', answerers: miners('small', 15), judges: judges('small', 3) }

/** Small at three temperatures and at two precisions. */
export const VARIED: RealSwarm = {
  name: 'varied',
  answerers: [
    ...miners('small', 3, { temperature: 0.6 }),
    ...miners('small', 3),
    ...miners('small', 3, { temperature: 1 }),
    ...miners('small', 2, { temperature: 0.6, precision: 'q4b32a8' }),
    ...miners('small', 2, { precision: 'q4b32a8' }),
    ...miners('small', 2, { temperature: 1, precision: 'q4b32a8' }),
  ],
  judges: judges('small', 3),
}
