import { describe, expect, it } from 'vitest'
import { marksFromChain, marksToChain } from '../../../shared/chain/substrate/axon-marks.ts'

describe('marks of an axon', () => {
  it('are the bytes of Bittensor’s SDK where there is none', () => {
    expect(marksToChain({})).toEqual({ protocol: 4, placeholder1: 0, placeholder2: 0 })
    expect(marksFromChain(0, 0)).toEqual({})
  })

  it.each([{ tls: true }, { gate: true }, { tls: true, gate: true }] as const)('come back: %j', (marks) => {
    const { placeholder1, placeholder2 } = marksToChain(marks)
    expect(marksFromChain(placeholder1, placeholder2)).toEqual(marks)
  })

  it('are read from no other byte', () => {
    expect(marksFromChain(2, 255)).toEqual({})
  })
})
