import { StarlingError } from '../process/errors.ts'
import type { Refusal } from './messages.ts'

/** The miner understood a request and declined it; `refusal.code` says why. */
export class RefusedError extends StarlingError {
  readonly refusal: Refusal

  constructor(hotkey: string, refusal: Refusal) {
    super('REFUSED', `miner ${hotkey} refused: ${refusal.code} ${refusal.message}`)
    this.name = 'RefusedError'
    this.refusal = refusal
  }
}

/** The miner's code when `error` is a refusal, else undefined. */
export function refusalCode(error: unknown): string | undefined {
  return error instanceof RefusedError ? error.refusal.code : undefined
}
