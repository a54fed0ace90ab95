/** Where the demo shows its progress: one table that is redrawn in place on a terminal, plain lines everywhere else. */
export interface Screen {
  /** A line that stays. */
  say(line: string): void
  /** The table as it is now. On a pipe it is printed only when `keep` is set, to keep logs short. */
  table(text: string, keep?: boolean): void
}

interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
}

export function createScreen(output: Output): Screen {
  let drawn = 0
  const erase = () => {
    if (drawn > 0) output.write(`\x1b[${drawn}A\x1b[J`)
    drawn = 0
  }
  return {
    say(line) {
      erase()
      output.write(`${line}\n`)
    },
    table(text, keep = false) {
      if (output.isTTY !== true && !keep) return
      erase()
      output.write(`${text}\n`)
      if (output.isTTY === true && !keep) drawn = text.split('\n').length
    },
  }
}
