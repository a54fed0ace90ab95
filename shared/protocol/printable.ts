/** Text of a stranger, made safe for a log or a terminal: one line, no control characters, at most `limit` UTF-16 units. */
export function printable(text: string, limit: number): string {
  const line = clean(text)
  return line.length <= limit ? line : `${clean(line.slice(0, limit - 1))}…`
}

// Cs: half a surrogate pair, which the cut above may leave behind.
function clean(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}
