import { z } from 'zod'

/**
 * The schema that journal and snapshots are written in. It goes up when a version before could not read them, or would read them
 * wrongly; the step from the one before is added below then, and never changed again.
 *
 * 1. Until files said their schema: a journal of entries alone, a snapshot that is the bare book. Rounds gained fields on the way,
 *    which are optional; records of miners and the book gained others, which `completed` fills in.
 * 2. A journal begins with where it stands (`JournalStart`), and a snapshot names its schema.
 */
export const SCHEMA = 2

interface Step {
  /** A score book of the next schema. */
  book(before: unknown): unknown
  /** A journal’s entry of the next schema. */
  entry(before: unknown): unknown
}

const STEPS: Readonly<Record<number, Step>> = {
  1: { book: completed, entry: (before) => before },
}

/** A book as this version writes it, from any schema up to its own. */
export function migrateBook(book: unknown, schema: number): unknown {
  return stepsFrom(schema).reduce((before, step) => step.book(before), book)
}

/** An entry as this version writes it, from any schema up to its own. */
export function migrateEntry(entry: unknown, schema: number): unknown {
  return stepsFrom(schema).reduce((before, step) => step.entry(before), entry)
}

function stepsFrom(schema: number): Step[] {
  return Array.from({ length: SCHEMA - schema }, (_, i) => STEPS[schema + i]!)
}

const judge = z.looseObject({})
const miner = z.looseObject({ judge: judge.nullable() })
const oldBook = z.looseObject({ miners: z.record(z.string(), miner) })

/** Books of schema 1 from before evidence was summed, before there was an exam, and before verdicts were checked. */
function completed(before: unknown): unknown {
  const parsed = oldBook.safeParse(before)
  if (!parsed.success) return before
  const miners = Object.entries(parsed.data.miners).map(([hotkey, record]) => [
    hotkey,
    {
      evidence: { sums: {}, alarm: null },
      // Whoever was there before there was an exam has passed it.
      exam: { answers: 0, right: 0, passed: true, verdicts: 0, mayJudge: true, failed: null },
      ...record,
      judge: record.judge && { judged: 0, mismatches: [], tally: NO_CHECKS, ...record.judge },
    },
  ])
  return { families: {}, favourites: {}, asked: [], ...parsed.data, miners: Object.fromEntries(miners) }
}

const NO_CHECKS = { verdicts: 0, tokens: 0, replayed: 0, mismatched: 0, canaries: 0, obeyed: 0 }
