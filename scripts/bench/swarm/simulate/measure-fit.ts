import { fitBradleyTerry } from '../../../../shared/consensus/bradley-terry.ts'
import { weighJudgements } from '../../../../shared/consensus/voice.ts'
import { pairSchedule } from '../../../../shared/judging/pair-schedule.ts'
import { judgementPreferences } from '../../../../shared/judging/preferences.ts'
import type { SwarmPart } from '../part.ts'
import { randomOf, seedOf } from './random.ts'

const ANSWERS = 256
const JUDGES = 64

/** The fit of a large field: 64 judges, each a voice of its own, which is the most that there can be to fit. */
export const measureFit: SwarmPart = async ({ quick, seed, now, report }) => {
  const random = randomOf(seed, 'fit')
  const worths = Array.from({ length: ANSWERS }, () => 3 * random())
  const judgements = Array.from({ length: JUDGES }, (_, judge) => {
    const schedule = pairSchedule(ANSWERS, seedOf(seed, 'fit', judge))
    const verdicts = schedule.map(({ a, b }) =>
      random() < 1 / (1 + Math.exp(worths[b]! - worths[a]!)) ? ('A' as const) : ('B' as const),
    )
    return { voice: `voice-${judge}`, preferences: judgementPreferences(schedule, verdicts) }
  })
  const runs = quick ? 5 : 21
  const weighed: number[] = []
  const fitted: number[] = []
  let sweeps = 0
  for (let run = 0; run < runs; run++) {
    report('fits', run, runs)
    const began = now()
    const preferences = weighJudgements(judgements, () => 1.5)
    const ready = now()
    sweeps = fitBradleyTerry(ANSWERS, preferences).sweeps
    fitted.push(now() - ready)
    weighed.push(ready - began)
  }
  const verdicts = judgements.reduce((sum, { preferences }) => sum + preferences.length, 0)
  const note = `median of ${runs}; ${verdicts} verdicts, ${sweeps} sweeps; averaging and weighing them takes ${median(weighed).toFixed(0)} ms more`
  return {
    facts: { answers: ANSWERS, judges: JUDGES, verdicts, sweeps },
    bars: [{ name: 'fit256', value: median(fitted), unit: 'ms', floor: 100, note }],
    timings: { fitMs: fitted, weighMs: weighed },
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}
