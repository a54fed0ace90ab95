import { describe, expect, it } from 'vitest'
import { readVerdicts } from '../../../validator/round/read-verdicts.ts'

const slot = { a: 0, b: 1, results: ['7', '8'] as const, seed: new Uint8Array(32) }

describe('readVerdicts', () => {
  it('reads what was written, and what the answers settle where nobody was asked', () => {
    const slots = [
      { ...slot, prompt: 'Judge: Say 7. 7=A 8=B', settled: undefined },
      { ...slot, prompt: undefined, settled: 'B' as const },
      { ...slot, prompt: undefined, settled: undefined },
    ]
    const given = { method: 'prompted' as const, verdicts: [[1], [], []] }
    expect(readVerdicts({ slots }, given, { decode: () => '7=A\nanswer: A' })).toEqual(['A', 'B', undefined])
  })
})
