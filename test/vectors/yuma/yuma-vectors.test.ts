import { describe, expect, it } from 'vitest'
import { checkEpochVector, parseEpochVector } from '../../../scripts/bench/yuma/epoch-vectors.ts'
import { checkMathVector, toFixed } from '../../../scripts/bench/yuma/math-vectors.ts'
import { readVectors } from '../../../scripts/bench/yuma/read-vectors.ts'
import { runReferenceEpoch } from '../../../shared/consensus/yuma/reference/run-epoch.ts'
import { runEpoch } from '../../../shared/consensus/yuma/run-epoch.ts'

const { epochs, math } = await readVectors()

describe("epochs of Subtensor's tests", () => {
  it.each(epochs.map((vector) => [vector.name, vector] as const))('%s', async (_, vector) => {
    const { differences, outputs } = await checkEpochVector(vector, runEpoch)
    expect(differences).toEqual([])
    expect((await checkEpochVector(vector, runReferenceEpoch)).outputs).toEqual(outputs)
  })

  it('are as many as were taken over', () => {
    expect(epochs.length).toBeGreaterThanOrEqual(25)
  })

  it('find a number that is off by one', async () => {
    const vector = epochs.find(({ name }) => name === 'yuma-2-bonds')!
    const off = await checkEpochVector(vector, (input) => {
      const output = runEpoch(input)
      const bonds = output.bonds.map((row) => row.map(([uid, bond]) => [uid, bond ^ 1] as const))
      return { ...output, emission: output.emission.map((rao) => rao + 1n), bonds }
    })
    const rao = off.differences.filter((line) => line.includes('emission'))
    expect(rao).toHaveLength(8 * 8)
    expect(rao[0]).toBe('yuma-2-bonds, epoch 0: emission of 0 is 49999999, not 49999998')
    expect(off.differences).toContain('yuma-2-bonds, epoch 0: bonds of 0 with 4 is 16382, not 16383')
  })

  it('are refused where they do not have the form of one, with the place', () => {
    expect(() => parseEpochVector({ name: 'x', source: 'y', tolerance: 0, epochs: [{}] }, 'x.json')).toThrow(
      'x.json is no vector at epochs.0.input',
    )
  })
})

describe("numbers of Subtensor's tests of fixed-point mathematics", () => {
  it.each(math.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    expect(vector.cases.length).toBeGreaterThan(0)
    expect(checkMathVector(vector)).toEqual([])
  })

  it('find a number that is off', () => {
    const vector = math.find(({ name }) => name === 'weighted-median')!
    const off = vector.cases.map((given) => ({ ...given, expect: 0.25 }))
    expect(checkMathVector({ ...vector, cases: off })).toHaveLength(vector.cases.length)
  })

  it('turn literals into fixed-point numbers to nearest, ties to even', () => {
    const units = [0, 0.5, 0.51, 1.5, 2.5, -0.5, -1.5, -0.51, 3]
    expect(units.map((unit) => toFixed(unit / 2 ** 32, 64))).toEqual([0n, 0n, 1n, 2n, 2n, 0n, -2n, -1n, 3n])
    expect(toFixed(0.1, 32)).not.toBe(toFixed(0.1, 64))
  })
})
