import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRecord } from '../../validator/transcript/line.ts'
import { publishedRounds } from '../../validator/transcript/publish.ts'
import type { RecordOf, RoundRecord } from '../../validator/transcript/records.ts'

/** Of a published round, what the report shows. */
export interface PublishedRound {
  readonly round: number
  readonly file: string
  readonly prompts: ReadonlyMap<number, string>
  readonly answers: readonly RecordOf<'answer'>[]
  /** Before the round: sums of evidence by hotkey, in shares of an alarm. */
  readonly sums: ReadonlyMap<string, number>
}

/** All rounds that a validator has published, oldest first. */
export function readPublished(folder: string): PublishedRound[] {
  if (!existsSync(folder)) return []
  return publishedRounds(folder).map((round) => {
    const file = join(folder, `${round}.jsonl`)
    return { file, ...readPublishedRound(round, readFileSync(file, 'utf8')) }
  })
}

/** @param text of a published file */
export function readPublishedRound(round: number, text: string): Omit<PublishedRound, 'file'> {
  // The last line is the seal, which is for whoever audits.
  const records = text.trimEnd().split('\n').slice(0, -1).map(recordOf)
  const answers = records.filter((record) => record.kind === 'answer')
  const challenges = records.filter((record) => record.kind === 'challenge')
  const book = records.find((record) => record.kind === 'book')?.book
  const sums = Object.entries(book?.miners ?? {}).map(([hotkey, { evidence }]): [string, number] => {
    const all = Object.values(evidence.sums).flatMap((own) => Object.values(own))
    return [hotkey, Math.max(0, ...all)]
  })
  const prompts = new Map(challenges.map(({ index, prompt }) => [index, prompt]))
  return { round, prompts, answers, sums: new Map(sums) }
}

function recordOf(line: string): RoundRecord {
  const read = readRecord(line)
  if ('record' in read) return read.record
  throw new Error(`a published record can’t be read: ${read.field} ${read.why}`)
}
