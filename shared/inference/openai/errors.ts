import { StarlingError } from '../../process/errors.ts'

/** Characters of a stranger's text that an error repeats. */
const QUOTED = 160

export function unreachable(url: string, cause: unknown): StarlingError {
  return new StarlingError(
    'BACKEND_UNREACHABLE',
    `no answer from ${url}: ${rootCause(cause)}`,
    'start the server, or correct --backend.url',
    { cause },
  )
}

export function died(url: string, cause?: unknown): StarlingError {
  const why = cause === undefined ? '' : `: ${rootCause(cause)}`
  return new StarlingError(
    'BACKEND_DIED',
    `${url} ended an answer before it was complete${why}`,
    'look at the server’s log',
    { cause },
  )
}

export function stalled(url: string, milliseconds: number): StarlingError {
  return new StarlingError(
    'BACKEND_STALLED',
    `${url} has sent nothing for ${milliseconds} ms`,
    'look at the server’s log and load',
  )
}

export function malformed(url: string, what: string): StarlingError {
  return new StarlingError(
    'BACKEND_MALFORMED',
    `${url} ${what}`,
    'point --backend.url at an OpenAI-compatible server',
  )
}

/** What a status other than 200 means for the caller. `text` is the body, as far as it was read. */
export function statusError(url: string, response: Response, text: string, keyEnv?: string): StarlingError {
  const { status, headers } = response
  const said = `${url} answered ${status}${quote(text)}`
  if (status === 429 || status === 503) {
    const after = headers.get('retry-after')
    return new StarlingError('BUSY', said, after === null ? 'ask again later' : `ask again after ${after} s`)
  }
  if (status === 401 || status === 403) {
    const remedy =
      keyEnv === undefined ? 'name the variable that holds its key: --backend.key_env' : `correct ${keyEnv}`
    return new StarlingError('BACKEND_DENIED', said, remedy)
  }
  if (status === 400 || status === 413 || status === 422) return new StarlingError('REQUEST_INVALID', said)
  if (status === 404 || status === 405 || status === 501) return new StarlingError('BACKEND_LACKS', said)
  if (status >= 300 && status < 400)
    return new StarlingError('BACKEND_REDIRECTS', said, 'give its final address; redirects are not followed')
  return new StarlingError('BACKEND_FAILED', said, 'look at the server’s log')
}

/** One printable line of what a server said, with a colon before it. */
function quote(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim()
  return line === '' ? '' : `: ${line.slice(0, QUOTED)}`
}

/** fetch wraps what went wrong; the code inside says it. */
function rootCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : rootCause(cause)
  return error.message
}
