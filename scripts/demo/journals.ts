import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type JournalEntry,
  journalEntrySchema,
  type RoundEntry,
  type WeightsEntry,
} from '../../validator/store/entries.ts'
import { readLine } from '../../validator/store/journal.ts'

/** What one validator has written down so far; a line that is being written is left for the next look. */
export function readJournal(stateFolder: string): { rounds: RoundEntry[]; weights: WeightsEntry[] } {
  // Closed files have numbers, and come before the one that is written to.
  const names = existsSync(stateFolder) ? readdirSync(stateFolder) : []
  const files = names.filter((name) => /^journal(-\d+)?\.jsonl$/.test(name)).sort()
  const lines = files.flatMap((name) =>
    readFileSync(join(stateFolder, name), 'utf8').split('\n').slice(0, -1),
  )
  const entries = lines.flatMap((line): JournalEntry[] => {
    const read = readLine(line)
    // A file begins with what came before it.
    if (read === undefined || (read.value as { kind?: unknown }).kind === 'journal') return []
    return [journalEntrySchema.parse(read.value)]
  })
  return {
    rounds: entries.filter((entry) => entry.kind === 'round'),
    weights: entries.filter((entry) => entry.kind === 'weights'),
  }
}
