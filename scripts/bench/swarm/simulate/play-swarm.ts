import { emptyScoreBook } from '../../../../validator/scoring/score-book.ts'
import { scoreMiners } from '../../../../validator/scoring/score-miners.ts'
import type { ScoreParts } from '../../../../validator/scoring/score-parts.ts'
import { settleRound } from '../../../../validator/scoring/settle-round.ts'
import { isSilenced } from '../../../../validator/scoring/verdict-strikes.ts'
import { type Node, nodesOf } from './nodes.ts'
import { type PlayedField, type PlayedRound, playRound } from './play-round.ts'
import type { Scenario } from './scenario.ts'
import { type Scorer, scorerRound } from './scorer.ts'

/** What one simulated swarm came to; rows are by node, in the order of `nodesOf`. */
export interface SwarmOutcome {
  /** Sums over the rounds of a node's share of all that was paid, and of what answers alone would be paid. */
  readonly pay: readonly number[]
  readonly answerPay: readonly number[]
  /** Answers that were generated, each once. */
  readonly made: readonly number[]
  /** Gold pairs judged rightly and wrongly. */
  readonly judgedRight: readonly number[]
  readonly judgedWrong: readonly number[]
  /** Rounds after which its verdicts weighed nothing because of strikes. */
  readonly silenced: readonly number[]
  /** Fields without gold that were ranked, those whose best answer came out on top, and whose answer did, by node. */
  readonly ranked: number
  readonly found: number
  readonly first: readonly number[]
  /** Scores after each round, by node. */
  readonly scores: readonly (readonly number[])[]
}

/** Plays all rounds of a scenario from an empty book. The same seed and scenario give the same outcome. */
export function playSwarm(scenario: Scenario, seed: number, scorer?: Scorer): SwarmOutcome {
  const nodes = nodesOf(scenario)
  const context = {
    coldkeyOf: Object.fromEntries(nodes.map(({ hotkey, coldkey }) => [hotkey, coldkey])),
    registry: [...new Set(nodes.map(({ model }) => model))],
    config: scenario.scoring,
  }
  const tally = newTally(nodes.length)
  let book = emptyScoreBook()
  let scores: Readonly<Record<string, number>> = {}
  const history: PlayedRound[] = []
  for (let round = 0; round < scenario.rounds; round++) {
    const present = nodes.filter(({ group }) => group.joins <= round)
    const played = playRound(present, book, (hotkey) => scores[hotkey] ?? 0, { seed, round }, scenario)
    book = settleRound(book, played.outcome, scenario.scoring)
    const parts = scoreMiners(book, context)
    scores = Object.fromEntries(Object.entries(parts).map(([hotkey, { score }]) => [hotkey, score]))
    if (scorer !== undefined) {
      history.push(played)
      scores = scorer(history.map(scorerRound))
    }
    const isQuiet = ({ hotkey }: Node) => isSilenced(book.miners[hotkey], undefined, scenario.scoring)
    addRound(tally, nodes, played, {
      scores: nodes.map(({ hotkey }) => scores[hotkey] ?? 0),
      answers: nodes.map(({ hotkey }) => answerScore(parts[hotkey])),
      silenced: nodes.map((node) => (isQuiet(node) ? 1 : 0)),
    })
  }
  return tally
}

/** What a miner would score if judging earned nothing to anybody; 0 while it is not paid at all. */
function answerScore(parts: ScoreParts | undefined): number {
  if (parts === undefined || parts.score === 0) return 0
  return parts.answer * parts.terms.coldkeyShare
}

type Tally = {
  -readonly [Key in keyof SwarmOutcome]: SwarmOutcome[Key] extends number ? number : number[]
} & {
  scores: number[][]
}

function newTally(count: number): Tally {
  const zeros = () => new Array<number>(count).fill(0)
  return {
    ...{
      pay: zeros(),
      answerPay: zeros(),
      made: zeros(),
      judgedRight: zeros(),
      judgedWrong: zeros(),
      silenced: zeros(),
    },
    ...{ ranked: 0, found: 0, first: zeros(), scores: [] },
  }
}

function addRound(
  tally: Tally,
  nodes: readonly Node[],
  { fields, outcome }: PlayedRound,
  after: {
    readonly scores: number[]
    readonly answers: readonly number[]
    readonly silenced: readonly number[]
  },
): void {
  addTo(tally.pay, sharesOf(after.scores))
  addTo(tally.answerPay, sharesOf(after.answers))
  addTo(tally.silenced, after.silenced)
  tally.scores.push(after.scores)
  const indexOf = new Map(nodes.map(({ hotkey, index }) => [hotkey, index]))
  for (const { hotkey, goldRight, goldWrong } of outcome.judges) {
    tally.judgedRight[indexOf.get(hotkey)!]! += goldRight
    tally.judgedWrong[indexOf.get(hotkey)!]! += goldWrong
  }
  for (const field of fields) {
    for (const { node, isMade } of field.answers) if (isMade) tally.made[node.index]!++
    addReading(tally, field)
  }
}

/** Whether the answer that the ranking puts first is the best that judges saw. */
function addReading(tally: Tally, { challenge, shown, qualities }: PlayedField): void {
  if (challenge.isGold || qualities === undefined) return
  const top = qualities.indexOf(Math.max(...qualities))
  const best = Math.max(...shown.map(({ worth }) => worth))
  tally.ranked++
  if (shown[top]!.worth === best) tally.found++
  tally.first[shown[top]!.node.index]!++
}

function sharesOf(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0)
  return values.map((value) => (sum === 0 ? 0 : value / sum))
}

function addTo(sums: number[], values: readonly number[]): void {
  values.forEach((value, at) => {
    sums[at]! += value
  })
}
