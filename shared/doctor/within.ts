import { describeError, StarlingError } from '../process/errors.ts'
import type { Looked } from './finding.ts'

/** What a look comes to; a look that hangs, and one that fails, come to the line that says so. */
export async function within<T>(ms: number, what: string, look: () => Promise<T>): Promise<Looked<T>> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not answer in ${ms / 1000} s`)), ms)
  })
  try {
    return { value: await Promise.race([look(), late]) }
  } catch (error) {
    if (!(error instanceof StarlingError)) return { error: plain(error) }
    const { code, message, remedy } = error
    return { error: `${code}: ${message}`, ...(remedy === undefined ? {} : { remedy }) }
  } finally {
    clearTimeout(timer)
  }
}

function plain(error: unknown): string {
  return describeError(error).replace(/^error INTERNAL: /, '')
}
