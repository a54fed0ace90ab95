import { printable } from '../printable.ts'
import type { Reason } from './reason.ts'

/** What both programs know of themselves. Times in seconds, by a clock that is never set. */
export interface CommonFacts {
  /** Since a new block came. */
  readonly headAgeSeconds: number
  /** Why the chain is only read; undefined while this software may write. */
  readonly writesStopped: string | undefined
  /** Whether the hotkey has a uid; undefined until the metagraph was read. */
  readonly isRegistered: boolean | undefined
  readonly engines: readonly EngineFact[]
  readonly sessions: number
  /** Since there was one; 0 while there is. */
  readonly secondsAlone: number
  /** What was to be written down last and is not: the error's line. */
  readonly unsaved: string | undefined
}

export interface EngineFact {
  readonly name: string
  /** Since its process was last seen alive; 0 while it is. */
  readonly downSeconds: number
}

/**
 * Ten blocks of 12 seconds. The client itself gives an endpoint up after three and asks the next: whoever sees no block for so long
 * has asked them all.
 */
export const HEAD_LIMIT_SECONDS = 120
/** A restart reads a model of gigabytes from a slow disk in less. */
export const ENGINE_LIMIT_SECONDS = 120
/** Two rounds of the default length, so that a start, or one round without an answer, is no alarm. */
export const ALONE_LIMIT_SECONDS = 600

export const COMMON_CODES = [
  'HEAD_OLD',
  'WRITES_STOPPED',
  'NOT_REGISTERED',
  'ENGINE_DOWN',
  'NO_SESSION',
  'STATE_UNSAVED',
] as const

export function headOld({ headAgeSeconds }: CommonFacts): Reason | undefined {
  if (headAgeSeconds <= HEAD_LIMIT_SECONDS) return undefined
  return {
    code: 'HEAD_OLD',
    message: `no block for ${Math.round(headAgeSeconds)} s; look at the endpoints`,
  }
}

export function writesStopped({ writesStopped: why }: CommonFacts): Reason | undefined {
  if (why === undefined) return undefined
  return { code: 'WRITES_STOPPED', message: `nothing is written to the chain: ${printable(why, 300)}` }
}

export function notRegistered({ isRegistered }: CommonFacts): Reason | undefined {
  if (isRegistered === true) return undefined
  const message = isRegistered === undefined ? 'the metagraph was not read yet' : 'the hotkey has no uid here'
  return { code: 'NOT_REGISTERED', message }
}

export function engineDown({ engines }: CommonFacts): Reason | undefined {
  const down = engines.filter(({ downSeconds }) => downSeconds > ENGINE_LIMIT_SECONDS)
  if (down.length === 0) return undefined
  const names = down.map(({ name, downSeconds }) => `${name} for ${Math.round(downSeconds)} s`)
  return { code: 'ENGINE_DOWN', message: `engine down: ${names.join(', ')}` }
}

export function noSession({ sessions, secondsAlone }: CommonFacts): Reason | undefined {
  if (sessions > 0 || secondsAlone <= ALONE_LIMIT_SECONDS) return undefined
  return { code: 'NO_SESSION', message: `no session for ${Math.round(secondsAlone / 60)} minutes` }
}

export function stateUnsaved({ unsaved }: CommonFacts): Reason | undefined {
  if (unsaved === undefined) return undefined
  return { code: 'STATE_UNSAVED', message: `state is not on disk: ${printable(unsaved, 300)}` }
}

/** In the order in which an operator should look. */
export const COMMON_RULES = [
  headOld,
  writesStopped,
  notRegistered,
  engineDown,
  stateUnsaved,
  noSession,
] as const
