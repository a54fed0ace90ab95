import { existsSync, readFileSync } from 'node:fs'
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
  const path = join(stateFolder, 'journal.jsonl')
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []
  const entries = lines.flatMap((line): JournalEntry[] => {
    const read = readLine(line)
    return read === undefined ? [] : [journalEntrySchema.parse(read.value)]
  })
  return {
    rounds: entries.filter((entry) => entry.kind === 'round'),
    weights: entries.filter((entry) => entry.kind === 'weights'),
  }
}
