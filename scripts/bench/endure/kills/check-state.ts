import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describeError } from '../../../../shared/process/errors.ts'
import type { ScoringConfig } from '../../../../validator/scoring/config.ts'
import { emptyScoreBook } from '../../../../validator/scoring/score-book.ts'
import { settleRound } from '../../../../validator/scoring/settle-round.ts'
import { readScores } from '../../../../validator/store/score-store.ts'
import { readJournal } from '../../../demo/journals.ts'
import type { Life } from './life.ts'

/**
 * What is wrong with what a killed validator left: rounds that it said it had settled and are not in the journal, rounds that are
 * there twice, a book that is not what the journal’s rounds make, more rounds lost than the one under way.
 * @param life that ended just now
 */
export function checkState(folder: string, config: ScoringConfig, life: Life): string[] {
  const problems: string[] = []
  if (!existsSync(join(folder, 'journal.jsonl'))) return life.settled.length > 0 ? ['no journal'] : []
  try {
    const { rounds } = readJournal(folder)
    const numbers = rounds.map(({ round }) => round)
    if (numbers.some((round, i) => i > 0 && round <= numbers[i - 1]!))
      problems.push(`rounds ${numbers.join()} are not in order`)
    const roots = new Map(rounds.map(({ round, root }) => [round, root]))
    for (const { round, root } of life.settled) {
      if (roots.get(round) !== root) problems.push(`round ${round} was settled, and is lost`)
    }
    const lost = life.opened.filter((round) => !roots.has(round)).length - life.failed.length
    if (lost > 1) problems.push(`${lost} rounds of one life are lost`)
    const book = rounds.reduce(
      (before, { outcome }) => settleRound(before, outcome, config),
      emptyScoreBook(),
    )
    if (!isDeepStrictEqual(readScores(folder, config).book, book))
      problems.push(`the book is not what ${rounds.length} rounds make`)
    for (const { round } of rounds) {
      const path = join(folder, 'rounds', `${round}.jsonl`)
      const file = existsSync(path) ? readFileSync(path, 'utf8') : ''
      const seal = rounds.find((entry) => entry.round === round)!.published?.seal
      if (!file.endsWith('\n') || seal === undefined || !file.includes(seal))
        problems.push(`the file of round ${round} is not what was sealed`)
    }
  } catch (error) {
    problems.push(describeError(error))
  }
  return problems
}
