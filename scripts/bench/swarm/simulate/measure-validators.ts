import { ADVISED, type GameName, simulateCopier } from '../../dividends/games.ts'
import type { Bar } from '../../suite.ts'
import type { SwarmPart } from '../part.ts'
import { playCells } from './play-cells.ts'
import { type Estimate, estimate, mean } from './statistics.ts'
import { CARDS, EPOCHS, publishedScores, TRUST_FIELD, trustAfter } from './trust-game.ts'

const COPIER_GAMES: readonly { readonly name: GameName; readonly floor: number }[] = [
  { name: 'stationary', floor: 1 },
  { name: 'redrawn', floor: 0.5 },
]

/** What validators get: honest ones that ask different questions, one that reads cards, one that copies. */
export const measureValidators: SwarmPart = async (context) => {
  const { quick, seed, report } = context
  const games = quick ? 4 : 40
  // Every game has two validators, which ask questions of their own.
  const [played] = await playCells([TRUST_FIELD], 2 * games, context, 'two validators')
  const honest: number[][] = []
  const beside: number[][] = []
  for (let game = 0; game < games; game++) {
    const [first, second] = [played![2 * game]!, played![2 * game + 1]!].map(({ scores }) =>
      publishedScores(scores),
    )
    honest.push([...(await trustAfter([first!, second!]))])
    beside.push([...(await trustAfter([first!, Array.from({ length: EPOCHS }, () => CARDS)]))])
  }
  const copiers = []
  for (const { name, floor } of COPIER_GAMES) {
    const means: number[] = []
    for (let run = 0; run < games; run++) {
      report(`copier, ${name}`, run, games)
      means.push(mean((await simulateCopier('comeAndGo', name, ADVISED, { seed, run })).ratios))
    }
    copiers.push({ name, floor, means })
  }
  const trust = [0, 1].map((validator) => estimate(honest.map((of) => of[validator]!))) as [
    Estimate,
    Estimate,
  ]
  const cards = estimate(beside.map(([, reader]) => reader!))
  const lowest = Math.min(...honest.flat())
  const bars: Bar[] = [
    {
      ...{
        name: 'validators.vtrust',
        value: Math.min(trust[0].mean, trust[1].mean),
        unit: 'share',
        floor: 0.9,
      },
      note: `the lesser of two, ± ${trust[1].error.toFixed(3)}; stakes 2 : 1, after ${EPOCHS} epochs of 3 rounds; ${games} games, least of all ${lowest.toFixed(3)}`,
    },
    {
      ...{ name: 'validators.vtrust.cards', value: cards.mean, unit: 'share' },
      note: `± ${cards.error.toFixed(3)}; a validator of stake 1 that publishes the models’ cards beside an honest one of stake 2`,
    },
    ...copiers.map(({ name, floor, means }): Bar => {
      const { mean: value, error } = estimate(means)
      const note = `± ${error.toFixed(3)}; dividends a stake over honest ones, ${games} games of 40 epochs; weights revealed after ${ADVISED.revealPeriod} epochs`
      return { name: `copier.${name}`, value, unit: 'ratio', floor, note }
    }),
  ]
  return { facts: { games, honest, cards: beside, copiers }, bars }
}
