import type { PublicationEntry } from './entries.ts'

/** Publications that got into the chain whose entries are kept, whatever became of them. */
const RECEIPTS = 64

/**
 * What of the publications a new file of the journal begins with: all of those without an end, the last that got into the chain, and
 * the newest, from which ids go on. Reading only these tells the same as reading all.
 */
export function rememberedPublications(entries: readonly PublicationEntry[]): PublicationEntry[] {
  const intents = entries.filter((entry) => entry.kind === 'weights-intent')
  const receipts = entries.filter((entry) => entry.kind === 'weights')
  const closed = new Set(entries.flatMap((entry) => (entry.kind === 'weights-closed' ? entry.intent : [])))
  const sent = new Set(receipts.map(({ intent }) => intent))
  const kept = new Set(receipts.slice(-RECEIPTS).map(({ intent }) => intent))
  for (const { id, method } of intents) {
    const isOver = closed.has(id) || (method === 'plain' && sent.has(id))
    if (!isOver) kept.add(id)
  }
  const newest = intents.at(-1)
  if (newest !== undefined) kept.add(newest.id)
  return entries.filter((entry) => {
    const id = entry.kind === 'weights-intent' ? entry.id : entry.intent
    return id !== undefined && kept.has(id)
  })
}
