import { describe, expect, it } from 'vitest'
import { copiedRow } from '../../../scripts/bench/dividends/copied-row.ts'
import { playCopier } from '../../../scripts/bench/dividends/play.ts'
import { createSimulatedLedger } from '../../../scripts/bench/dividends/simulated-ledger.ts'
import { seededRandom } from '../../../shared/proof/random.ts'

const RULES = { revealPeriod: 2, yuma3: true, bondsMovingAverage: 900_000 }
const GAME = { draw: 'comeAndGo', miners: 8, gold: 12, roundsAnEpoch: 3, anew: 6, epochs: 10 } as const

describe('copiedRow', () => {
  it('takes for each miner what half of the stake reaches', () => {
    const rows = [
      [65_535, 0],
      [0, 65_535],
      [65_535, 65_535],
    ]
    expect(copiedRow(rows, [1, 1, 1], 2)).toEqual([65_535, 65_535])
    expect(copiedRow(rows, [3, 1, 1], 2)).toEqual([65_535, 0])
  })

  it('compares shares, not weights', () => {
    const rows = [
      [60_000, 20_000],
      [30_000, 10_000],
    ]
    expect(copiedRow(rows, [1, 1], 2)).toEqual([65_535, 21_845])
  })

  it('weighs all miners alike before anything is revealed', () => {
    expect(copiedRow([undefined, [0, 0]], [1, 1], 2)).toEqual([65_535, 65_535])
  })
})

describe('a copier under commit-reveal', () => {
  const play = (redrawn: number, warmUp: number, stakes = [3, 2, 2, 1]) =>
    playCopier(
      { ...GAME, redrawn, warmUp },
      createSimulatedLedger(stakes, GAME.miners, RULES),
      seededRandom(Uint8Array.of(1)),
    )

  it('earns about what an honest validator earns while qualities stand still', async () => {
    const { ratios } = await play(0, 8)
    for (const ratio of ratios) expect(ratio).toBeCloseTo(1, 1)
  })

  it('earns far less when half of the miners are drawn anew', async () => {
    const { ratios } = await play(0.5, 20)
    expect(Math.max(...ratios)).toBeLessThan(0.9)
  })

  it('leaves honest validators that ask different questions in agreement', async () => {
    const { honestTrust } = await play(0, 8)
    expect(Math.min(...honestTrust)).toBeGreaterThan(0.9)
  })

  it('cannot read a row before its reveal', async () => {
    const ledger = createSimulatedLedger([1, 1], 2, RULES)
    const seen = []
    for (let epoch = 0; epoch < 4; epoch++) {
      seen.push((await ledger.reveal())[0])
      await ledger.commit([
        [epoch, 65_535],
        [0, 65_535],
      ])
      await ledger.settle()
    }
    expect(seen).toEqual([undefined, undefined, [0, 65_535], [1, 65_535]])
  })
})
