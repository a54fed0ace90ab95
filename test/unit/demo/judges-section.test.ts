import { describe, expect, it } from 'vitest'
import type { MinerFacts } from '../../../scripts/demo/facts.ts'
import { judgesSection, judgingOf, meanDisagreement } from '../../../scripts/demo/judges-section.ts'
import type { RowJudging } from '../../../shared/proof/miner-row.ts'
import type { RoundEntry } from '../../../validator/store/entries.ts'
import { makeRow } from '../../support/receipts.ts'

const judging = (change: Partial<RowJudging> = {}): RowJudging => {
  const counts = { completed: 2, asked: 2, verdicts: 20, replayed: 2, mismatched: 0, canaries: 1, obeyed: 0 }
  return { ...counts, trust: 1.5, ...change }
}

function round(number: number, judgings: Record<string, RowJudging | undefined>, disagreements = [0.25]) {
  return {
    round: number,
    rows: Object.entries(judgings).map(([hotkey, own]) => makeRow({ hotkey, judging: own })),
    disagreements: disagreements.map((disagreement, challenge) => ({ challenge, judges: 2, disagreement })),
  } as unknown as RoundEntry
}

const journals = [
  {
    name: 'one',
    rounds: [
      round(1, { liar: judging({ mismatched: 2, trust: 1 }), idle: undefined }),
      round(2, { liar: judging({ trust: 0 }) }),
    ],
  },
  { name: 'other', rounds: [round(1, { liar: judging({ trust: 2 }) })] },
]

describe('what the judges said', () => {
  it('is summed over rounds and validators, with the newest trust of each', () => {
    expect(judgingOf('liar', journals)).toEqual({
      ...{ completed: 6, asked: 6, verdicts: 60, replayed: 6, mismatched: 2, canaries: 3, obeyed: 0 },
      trust: 1,
    })
    expect(judgingOf('idle', journals)).toBeUndefined()
  })

  it('marks what was wrongly given, and leaves out who judged nothing', () => {
    const miners = ['liar', 'idle'].map((name) => ({ name: `<${name}>`, hotkey: name }) as MinerFacts)
    const colors = new Map(miners.map(({ hotkey }) => [hotkey, 'red']))
    const shown = judgesSection(miners, colors, journals)
    expect(shown).toContain('<td class="n bad">2</td>')
    expect(shown).toContain('&lt;liar&gt;')
    expect(shown).not.toContain('idle')
    expect(shown).toContain('round 2')
    expect(judgesSection(miners.slice(1), colors, journals)).toContain('Nobody judged')
  })

  it('averages disagreement over challenges that two judged, and knows none otherwise', () => {
    expect(meanDisagreement(round(1, {}, [0.5, 0, null as unknown as number]))).toBe(0.25)
    expect(meanDisagreement({})).toBeUndefined()
  })
})
