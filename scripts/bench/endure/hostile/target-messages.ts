import type { SessionLimits } from '../../../../shared/protocol/limits.ts'

/** What the attacked process is told on its command line, as JSON. */
export interface TargetTask {
  /** Limits that differ from the product's, where an attack would else be over at once. */
  readonly limits?: Partial<SessionLimits>
  /** ss58 addresses that may connect. */
  readonly allowed: readonly string[]
}

/** It serves. */
export interface TargetReady {
  readonly type: 'ready'
  /** ss58 address. */
  readonly hotkey: string
  readonly axon: number
  readonly gate: number
}

/** What it is asked: for its figures, or to dial a server as a validator would, `times` after one another. */
export type TargetOrder =
  | { readonly type: 'look'; readonly collect: boolean }
  | { readonly type: 'dial'; readonly port: number; readonly hotkey: string; readonly times: number }

export interface TargetLook {
  readonly type: 'looked'
  /** Bytes. */
  readonly rss: number
  readonly heap: number
  /** Milliseconds of CPU time since it began. */
  readonly cpuMs: number
  /** Longest that its event loop stood still since the look before, milliseconds. */
  readonly blockedMs: number
  /** Authenticated connections of the axon and the gate. */
  readonly connections: number
  /** Sockets and timers that keep it alive. */
  readonly sockets: number
  readonly timers: number
  /** Requests that were handled so far. */
  readonly handled: number
}

/** How often each dialled session ended, by code. */
export interface TargetDialled {
  readonly type: 'dialled'
  readonly codes: Readonly<Record<string, number>>
}

export type TargetMessage = TargetReady | TargetLook | TargetDialled
