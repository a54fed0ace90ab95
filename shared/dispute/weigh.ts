import { stepName } from '../inference/reference/plan.ts'
import { isAdmissible, slackOf } from '../inference/reference/rounding.ts'
import type { Pin } from '../inference/reference/trace.ts'
import { type Both, type Quarrel, SIDES, type Side } from './referee.ts'

/** What re-running the operator says. */
export type Weighed =
  | { readonly losers: readonly Side[]; readonly reason: string }
  /** Both results are honest roundings: the referee's own are taken, and whoever had another has a strike for each. */
  | { readonly pins: readonly Pin[]; readonly strikes: readonly Side[] }

/**
 * Decides between two claims about one operator's output by the referee's own result.
 * @param exact the operator in double precision, as an evaluator gives it
 */
export function weigh({ step, inputs, claims }: Quarrel, exact: Float64Array): Weighed {
  const slack = slackOf(inputs, exact)
  const wrong = (side: Side) =>
    claims[side].findIndex((claim, i) => !isAdmissible(claim, exact[i]!, slack[i]!))
  const places: Both<number> = { challenger: wrong('challenger'), defender: wrong('defender') }
  const losers = SIDES.filter((side) => places[side] !== -1)
  if (losers.length > 0) {
    const facts = losers.map((side) => {
      const place = places[side]
      return `the ${side} has ${claims[side][place]} where ${exact[place]} comes out at ${stepName(step)}, element ${place}`
    })
    return { losers, reason: facts.join('; ') }
  }
  const pins: Pin[] = []
  const strikes: Side[] = []
  for (let element = 0; element < exact.length; element++) {
    if (Object.is(claims.challenger[element], claims.defender[element])) continue
    const value = Math.fround(exact[element]!) + 0
    pins.push({ step, element, value })
    for (const side of SIDES) if (!Object.is(claims[side][element], value)) strikes.push(side)
  }
  return { pins, strikes }
}
