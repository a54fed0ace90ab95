/** The name that a mistyped one most likely means; undefined where none is near. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(typed.length / 3))
  const ranked = names
    .map((name) => ({ name, edits: edits(plain(typed), plain(name)) }))
    .sort((a, b) => a.edits - b.edits)
  const best = ranked[0]
  return best !== undefined && best.edits <= most ? best.name : undefined
}

/** Separators and capitals are the first thing that people get wrong: they count for nothing. */
function plain(name: string): string {
  return name.replaceAll(/[._-]/g, '').toLowerCase()
}

/** Levenshtein’s distance: letters to insert, delete or replace. */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...to].entries()) {
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (letter === other ? 0 : 1)))
    }
    row = next
  }
  return row[to.length]!
}
