// Control and format characters, separators of lines, and half a surrogate pair, which a cut may leave behind.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu

/** Text that may hold a stranger's words as one line of a terminal: it moves no cursor, and begins no line of its own. */
export function printableLine(text: string): string {
  return text.replaceAll(UNSAFE, ' ')
}

/** Text of a stranger, made safe for a log or a terminal: one line, no control characters, at most `limit` UTF-16 units. */
export function printable(text: string, limit: number): string {
  const line = printableLine(text).trim()
  return line.length <= limit ? line : `${printableLine(line.slice(0, limit - 1)).trim()}…`
}
