import { fitBradleyTerry } from '../bradley-terry.ts'
import type { Preference } from '../preference.ts'
import { averagePreferences, type Judgement } from '../voice.ts'

/** A field of `count` answers and what was said of them. */
export interface JudgedAnswers {
  readonly count: number
  readonly judgements: readonly Judgement[]
}

export interface CrowdFit {
  /** One set of Bradley-Terry strengths a field; see `fitBradleyTerry`. */
  readonly strengths: Float64Array[]
  /** η of each voice in (0, 1): how often it says what the strengths make likely. */
  readonly reliability: ReadonlyMap<string, number>
  /** Log posterior, in nats up to a constant, after each step. */
  readonly posterior: readonly number[]
}

export interface CrowdOptions {
  /** Verdicts right and wrong, each, that every voice starts with. */
  readonly prior?: number
  /** η that every voice starts with: above ½, or the worst answers come out best just as well. */
  readonly start?: number
  readonly maxSteps?: number
}

/** One voice's verdict on a pair: `winner` beat `loser`, `weight` times. */
interface Win {
  readonly field: number
  readonly voice: string
  readonly winner: number
  readonly loser: number
  readonly weight: number
}

const TOLERANCE = 1e-9

/**
 * Crowd-BT (Chen, Bennett, Collins-Thompson and Horvitz, WSDM 2013), by expectation maximisation: voice k prefers i to j with
 * probability η_k·p + (1−η_k)·(1−p), p = π_i/(π_i+π_j). No truth is needed, so a majority of inverters turns it around: a
 * baseline for weights from gold. Judges of a voice are averaged, and a tie is half a verdict each way.
 *
 * @throws StarlingError PREFERENCE_INVALID as `fitBradleyTerry` does
 */
export function fitCrowd(
  fields: readonly JudgedAnswers[],
  { prior = 2, start = 0.75, maxSteps = 200 }: CrowdOptions = {},
): CrowdFit {
  const said = fields.map(({ judgements }) => byVoice(judgements))
  const wins = said.flatMap((voices, field) =>
    [...voices].flatMap(([voice, list]) => winsOf(field, voice, list)),
  )
  let reliability = new Map(wins.map(({ voice }) => [voice, start]))
  let strengths: Float64Array[] = fields.map(({ count }) => new Float64Array(count).fill(1))
  const posterior: number[] = []
  for (let step = 0; step < maxSteps; step++) {
    const honest = wins.map((win) => chanceOfHonesty(win, strengths[win.field]!, reliability.get(win.voice)!))
    reliability = newReliability(wins, honest, prior)
    const preferences: Preference[][] = fields.map(() => [])
    wins.forEach(({ field, winner, loser, weight }, i) => {
      preferences[field]!.push({ a: winner, b: loser, winOfA: honest[i]!, weight })
    })
    strengths = fields.map(({ count }, field) => fitBradleyTerry(count, preferences[field]!).strengths)
    posterior.push(logPosterior(wins, strengths, reliability, prior))
    const [before, after] = [posterior.at(-2) ?? Number.NEGATIVE_INFINITY, posterior.at(-1)!]
    if (after - before < TOLERANCE * Math.max(1, Math.abs(after))) break
  }
  return { strengths, reliability, posterior }
}

/** What a voice's judges said of each pair, on average. */
function byVoice(judgements: readonly Judgement[]): Map<string, Preference[]> {
  const voices = new Map<string, (readonly Preference[])[]>()
  for (const { voice, preferences } of judgements)
    voices.set(voice, [...(voices.get(voice) ?? []), preferences])
  return new Map([...voices].map(([voice, lists]) => [voice, averagePreferences(lists)]))
}

/** A preference that is no clear win is some of each way. */
function winsOf(field: number, voice: string, preferences: readonly Preference[]): Win[] {
  return preferences.flatMap(({ a, b, winOfA, weight }) =>
    [
      { field, voice, winner: a, loser: b, weight: weight * winOfA },
      { field, voice, winner: b, loser: a, weight: weight * (1 - winOfA) },
    ].filter((win) => win.weight > 0),
  )
}

function winChance({ winner, loser }: Win, strengths: Float64Array): number {
  return strengths[winner]! / (strengths[winner]! + strengths[loser]!)
}

/** That the verdict is what the voice holds right, and not its contrary. */
function chanceOfHonesty(win: Win, strengths: Float64Array, reliability: number): number {
  const straight = reliability * winChance(win, strengths)
  return straight / (straight + (1 - reliability) * (1 - winChance(win, strengths)))
}

function newReliability(wins: readonly Win[], honest: readonly number[], prior: number): Map<string, number> {
  const sums = new Map<string, { right: number; all: number }>()
  wins.forEach(({ voice, weight }, i) => {
    const { right, all } = sums.get(voice) ?? { right: prior, all: 2 * prior }
    sums.set(voice, { right: right + weight * honest[i]!, all: all + weight })
  })
  return new Map([...sums].map(([voice, { right, all }]) => [voice, right / all]))
}

function logPosterior(
  wins: readonly Win[],
  strengths: readonly Float64Array[],
  reliability: ReadonlyMap<string, number>,
  prior: number,
): number {
  let sum = 0
  for (const win of wins) {
    const [eta, chance] = [reliability.get(win.voice)!, winChance(win, strengths[win.field]!)]
    sum += win.weight * Math.log(eta * chance + (1 - eta) * (1 - chance))
  }
  for (const eta of reliability.values()) sum += prior * Math.log(eta * (1 - eta))
  // One imaginary win and loss each, as in `fitBradleyTerry`.
  for (const field of strengths) for (const pi of field) sum += Math.log(pi) - 2 * Math.log(1 + pi)
  return sum
}
