import type { Bar } from '../../suite.ts'
import type { Accuracy, FieldFacts } from './summarise.ts'

/** Of Fortytwo on GPQA Diamond (arXiv 2510.24801); its points over a majority of the same models. */
const PUBLISHED = { swarm: 0.859, majority: 0.6869, bestSingle: 0.8598, gain: 17.21 }

type Fields = Readonly<Record<'mixed' | 'plain' | 'alike' | 'varied', FieldFacts>>

export function realBars({ mixed, plain, alike, varied }: Fields): Bar[] {
  const { rungs, bestSingle, ablest, oracle, gain, overBest, gapClosed, questions } = mixed
  const unit = 'share right'
  return [
    {
      ...{ name: 'real.swarm', value: rungs.swarm.value, unit, floor: bestSingle.accuracy },
      published: PUBLISHED.swarm,
      note: `5 nano + 5 small + 5 base, ${questions} questions as rounds draw them; ${points(overBest)} points over the best single; judges alone ${share(rungs.bradleyTerry.value)}`,
    },
    { name: 'real.majority', value: rungs.majority.value, unit, published: PUBLISHED.majority },
    {
      ...{ name: 'real.bestSingle', value: bestSingle.accuracy, unit, published: PUBLISHED.bestSingle },
      note: `best of 15 on the same questions; ${ablest.model} on average ${share(ablest.accuracy)}`,
    },
    {
      name: 'real.oracle',
      value: oracle,
      unit,
      note: `share of the gap closed: ${gapClosed?.toFixed(2) ?? 'no gap'}`,
    },
    {
      ...{ name: 'real.gainLow', value: gain.low, unit: 'points', floor: 0, published: PUBLISHED.gain },
      note: `${points(gain)} points over majority`,
    },
    ...beside('real.plain', '5 nano + 5 small + 5 base on all families alike', plain),
    ...beside('real.alike', '15 small', alike),
    ...beside('real.varied', '15 small at 3 temperatures and 2 precisions', varied),
  ]
}

/** A field that has no bar of its own. */
function beside(name: string, what: string, facts: FieldFacts): Bar[] {
  const { rungs, bestSingle, oracle, gain, questions } = facts
  const note = `${what}, ${questions} questions; majority ${share(rungs.majority.value)}, best single ${share(bestSingle.accuracy)}, oracle ${share(oracle)}; ${points(gain)} points over majority`
  return [{ name, value: rungs.swarm.value, unit: 'share right', note }]
}

function points({ value, low, high }: Accuracy): string {
  return `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`
}

const share = (value: number) => value.toFixed(3)
