import { printableLine } from './printable.ts'

/**
 * An error that a person or a peer may see: a stable code, one line that names the thing, and what to do about it.
 * Callers switch on `code`, never on message text.
 */
export class StarlingError extends Error {
  readonly code: string
  readonly remedy: string | undefined

  constructor(code: string, message: string, remedy?: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StarlingError'
    this.code = code
    this.remedy = remedy
  }
}

/** True for an error with that code, so a caller can recover from it without reading its text. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof StarlingError && error.code === code
}

/** One line for a terminal: `error CODE: what happened; remedy`. */
export function describeError(error: unknown): string {
  if (error instanceof StarlingError) {
    const remedy = error.remedy === undefined ? '' : `; ${error.remedy}`
    return oneLine(`error ${error.code}: ${error.message}${remedy}`)
  }
  return oneLine(`error INTERNAL: ${error instanceof Error ? error.message : String(error)}`)
}

function oneLine(text: string): string {
  return printableLine(text.replaceAll(/\s*\n\s*/g, ' '))
}
