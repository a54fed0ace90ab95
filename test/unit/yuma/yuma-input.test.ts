import { describe, expect, it } from 'vitest'
import { typicalSubnet } from '../../../scripts/bench/yuma/typical-subnet.ts'
import type { EpochInput } from '../../../shared/consensus/yuma/epoch-types.ts'
import { runReferenceEpoch } from '../../../shared/consensus/yuma/reference/run-epoch.ts'
import { runEpoch } from '../../../shared/consensus/yuma/run-epoch.ts'
import { seededRandom } from '../../../shared/inference/random.ts'

const subnet = typicalSubnet(seededRandom(5), 12)
const validators = [0, 1, 2]
const change = (changes: Partial<EpochInput>): EpochInput => ({ ...subnet, ...changes })

describe('an input that no chain could hold', () => {
  const liquidAlpha = { alphaLow: 0, alphaHigh: 65_535, alphaSigmoidSteepness: 1_000 }
  it.each([
    ['kappa is 65536', { kappa: 65_536 }],
    ['tempo is 1.5', { tempo: 1.5 }],
    ['block is -1', { block: -1 }],
    ['lastStep is NaN', { lastStep: Number.NaN }],
    ['ownerUid is 65536', { ownerUid: 65_536 }],
    ['alphaHigh is -1', { liquidAlpha: { ...liquidAlpha, alphaHigh: -1 } }],
    ['alphaSigmoidSteepness is 32768', { liquidAlpha: { ...liquidAlpha, alphaSigmoidSteepness: 32_768 } }],
    ['lastUpdate of uid 1 is -2', { lastUpdate: [0, -2] }],
    ['firstCommitBlock of uid 1 is 0.5', { firstCommitBlock: [undefined, 0.5] }],
    ['stake of uid 0 is -1 rao', { stake: [-1n] }],
    ['stake adds up to more than 2^63 − 1 rao', { stake: [2n ** 62n, 2n ** 62n] }],
    ['emission is 18446744073709551616 rao', { emission: 2n ** 64n }],
    ['weights of uid 1 hold (3, 65536)', { weights: [[], [[3, 65_536]]] }],
    ['bonds of uid 0 hold (-1, 2)', { bonds: [[[-1, 2]]] }],
    [
      'weights of uid 0 add up to more than 2^31 − 1',
      { weights: [Array.from({ length: 32_770 }, (_, uid): [number, number] => [uid, 65_535])] },
    ],
  ] satisfies [string, Partial<EpochInput>][])('is refused: %s', (message, changes) => {
    expect(() => runEpoch(change(changes))).toThrow(
      expect.objectContaining({ code: 'EPOCH_INPUT_INVALID', message, remedy: expect.any(String) }),
    )
  })
})

describe('an epoch', () => {
  it('of no neurons finds nothing', () => {
    const output = runEpoch(change({ stake: [], weights: [], bonds: [] }))
    expect(Object.values(output)).toEqual(Array(11).fill([]))
  })

  it.each([
    ['a larger emission than doubles hold', { emission: 2n ** 64n - 1n }],
    ['a moving average above 1', { bondsMovingAverage: 1_500_000 }],
    ['a moving average above 1 under Yuma 3', { bondsMovingAverage: 2 ** 40, yuma3: true }],
    ['a uid that a row names twice', { weights: subnet.weights.map((row) => [...row, ...row.slice(0, 1)]) }],
    [
      'bonds that name a uid twice',
      { bonds: subnet.bonds.map((row, uid) => (uid === 0 ? [...row, ...row] : row)) },
    ],
  ] satisfies [string, Partial<EpochInput>][])('equals the reference with %s', (_, changes) => {
    const output = runEpoch(change(changes))
    expect(output).toEqual(runReferenceEpoch(change(changes)))
    expect(output).not.toEqual(runEpoch(subnet))
  })

  it('counts those that a list is too short for as absent', () => {
    const isActive = (output: { active: readonly boolean[] }) => output.active.slice(0, 3)
    const short = runEpoch(change({ bonds: [], lastUpdate: subnet.lastUpdate.slice(0, 1) }))
    expect(isActive(short)).toEqual([true, false, false])
    expect(short.dividends.slice(0, 3)).toEqual([65_535, 0, 0])
    const one = runEpoch(change({ bonds: [], validatorPermit: [true], ownerUid: undefined }))
    expect(one.dividends.slice(0, 3)).toEqual([65_535, 0, 0])
    expect(one.validatorPermit.slice(0, 3)).toEqual([true, true, true])
  })

  it('shares out no more than the emission, and nearly all of it', () => {
    const { serverEmission, validatorEmission, emission } = runEpoch(subnet)
    const sum = (amounts: readonly bigint[]) => amounts.reduce((a, b) => a + b)
    for (const total of [sum(emission), sum(serverEmission) + sum(validatorEmission)]) {
      expect(total).toBeLessThanOrEqual(subnet.emission)
      expect(Number(subnet.emission - total) / Number(subnet.emission)).toBeLessThan(1e-7)
    }
    expect(sum(validatorEmission)).toBeGreaterThan(0n)
    for (const uid of validators) expect(emission[uid]).toBeGreaterThan(0n)
  })

  it('leaves its input as it was', () => {
    const before = structuredClone(subnet)
    runEpoch(subnet)
    runEpoch(change({ yuma3: true }))
    expect(subnet).toEqual(before)
  })
})
