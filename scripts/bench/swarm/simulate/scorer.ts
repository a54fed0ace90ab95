import { pathToFileURL } from 'node:url'
import { StarlingError } from '../../../../shared/process/errors.ts'
import type { PlayedRound } from './play-round.ts'

/** What a scorer is told of one challenge: what a validator knows, and nothing that only the simulation does. */
export interface ScorerField {
  readonly isGold: boolean
  readonly answers: readonly {
    readonly hotkey: string
    readonly model: string
    readonly result: 'accept' | 'reject' | 'missed' | 'refused'
    /** On gold, where accepted. */
    readonly isRight?: boolean
  }[]
  readonly judgements: readonly {
    readonly hotkey: string
    readonly model: string
    /** `a` and `b` are places in `answers`; `winOfA` is 1, 0 or ½ for a tie. */
    readonly preferences: readonly { readonly a: number; readonly b: number; readonly winOfA: number }[]
    /** Verdicts that were computed again, and those that the judge's model does not give. */
    readonly replayed: number
    readonly mismatched: number
  }[]
}

/**
 * Scores hotkeys by all rounds so far, the newest last; it is called after each. Pay is what a score is of the sum; a hotkey that is left out
 * earns nothing. It must be a pure function: rounds of many swarms come to it mixed.
 */
export type Scorer = (rounds: readonly (readonly ScorerField[])[]) => Readonly<Record<string, number>>

/** A round as a scorer sees it. */
export function scorerRound({ fields }: PlayedRound): ScorerField[] {
  return fields.map(({ challenge, answers, shown, judgements }) => {
    const placeOf = shown.map((answer) => answers.indexOf(answer))
    return {
      isGold: challenge.isGold,
      answers: answers.map(({ node, result, isRight }) => ({
        ...{ hotkey: node.hotkey, model: node.model, result },
        ...(challenge.isGold && result === 'accept' ? { isRight } : {}),
      })),
      judgements: judgements.map(
        ({ judge: { hotkey, model }, preferences, checks: { replayed, mismatched } }) => ({
          ...{ hotkey, model, replayed, mismatched },
          preferences: (preferences ?? []).map(({ a, b, winOfA }) => ({
            a: placeOf[a]!,
            b: placeOf[b]!,
            winOfA,
          })),
        }),
      ),
    }
  })
}

/**
 * Loads a scorer: a module with a function `score`.
 * @throws StarlingError BENCH_SCENARIO where there is none
 */
export async function loadScorer(path: string | undefined): Promise<Scorer | undefined> {
  if (path === undefined) return undefined
  const problem = (what: string, cause?: unknown) =>
    new StarlingError('BENCH_SCENARIO', `scorer ${path} ${what}`, 'compare it with docs/examples/swarm', {
      cause,
    })
  const module: unknown = await import(pathToFileURL(path).href).catch((cause: unknown) => {
    throw problem('can’t be loaded', cause)
  })
  const { score } = module as { score?: unknown }
  if (typeof score !== 'function') throw problem('exports no function called score')
  return (rounds) => checkedScores((score as Scorer)(rounds), problem)
}

function checkedScores(
  scores: Readonly<Record<string, number>>,
  problem: (what: string) => StarlingError,
): Readonly<Record<string, number>> {
  const bad = Object.entries(scores ?? {}).find(([, score]) => !(Number.isFinite(score) && score >= 0))
  if (scores === null || typeof scores !== 'object') throw problem('returned no scores by hotkey')
  if (bad !== undefined)
    throw problem(`gave ${bad[0]} the score ${bad[1]}, which is no finite number of at least 0`)
  return scores
}
