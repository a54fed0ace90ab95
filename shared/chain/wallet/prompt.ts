import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { StarlingError } from '../../process/errors.ts'

/** A terminal's two ends. */
export interface Terminal {
  input: NodeJS.ReadableStream
  output: NodeJS.WritableStream
}

/**
 * Asks for a secret on the program's terminal, or undefined when there is none. Questions go to stderr: stdout is for
 * results.
 */
export function terminalAsk(): ((question: string) => Promise<string>) | undefined {
  const { stdin, stderr } = process
  if (!stdin.isTTY || !stderr.isTTY) return undefined
  return (question) => askSecret({ input: stdin, output: stderr }, question)
}

/** Writes a line for a person at the terminal, or undefined where there is none: a log is for other things. */
export function terminalTell(): ((line: string) => void) | undefined {
  const { stderr } = process
  return stderr.isTTY ? (line) => void stderr.write(`${line}\n`) : undefined
}

/** One line from the terminal, of which nothing is shown. Throws `WALLET_PASSWORD_INVALID` when it is cut short. */
export function askSecret({ input, output }: Terminal, question: string): Promise<string> {
  // In terminal mode readline edits the line itself, closes at ctrl-C, and echoes into its output, which goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: nowhere, terminal: true })
  output.write(question)
  return new Promise((resolve, reject) => {
    lines.once('close', () => {
      output.write('\n')
      reject(new StarlingError('WALLET_PASSWORD_INVALID', 'no password was given'))
    })
    lines.once('line', (line) => {
      resolve(line)
      lines.close()
    })
  })
}
