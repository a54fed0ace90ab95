import type { IncomingMessage } from 'node:http'
import type { Clock } from '../process/clock.ts'
import { StarlingError } from '../process/errors.ts'
import { addressKey } from './address-key.ts'
import { checkClaim, checkSignature, readClaim, signedBytes } from './btauth.ts'
import type { SessionLimits } from './limits.ts'
import type { NonceStore } from './nonce-store.ts'
import { createRateLimit } from './rate-limit.ts'
import { keyOfTarget } from './upgrade-target.ts'

/** A caller that may connect. */
export interface Admitted {
  /** ss58 address, proved. */
  readonly hotkey: string
  /** What it signed; the listener's hello refers to it. */
  readonly signed: Uint8Array
  /** Its key for this connection, 32 bytes. */
  readonly key: Uint8Array
}

/** An HTTP status with its reason, in place of an upgrade. */
export class UpgradeRefused extends Error {
  readonly status: number
  readonly reason: StarlingError

  constructor(status: number, reason: StarlingError) {
    super(reason.message)
    this.name = 'UpgradeRefused'
    this.status = status
    this.reason = reason
  }
}

export interface GuardOptions {
  /** ss58 address of this listener. */
  readonly self: string
  readonly path: string
  readonly nonces: NonceStore
  readonly clock: Clock
  readonly limits: SessionLimits
  readonly authorize: (hotkey: string) => StarlingError | undefined
  /** Connections now, of all hotkeys and of one. */
  readonly connections: (hotkey?: string) => number
}

/**
 * Decides on upgrade requests. The order is: what costs nothing first, so that strangers can't make this process verify
 * signatures (shape, rate, receiver, freshness, permission, room), then the signature, then replay, whose store only
 * verified requests may fill.
 */
export function createUpgradeGuard(options: GuardOptions): (request: IncomingMessage) => Admitted {
  const { self, path, nonces, clock, limits } = options
  const attempts = createRateLimit({ perMinute: limits.upgradesPerMinute, keys: limits.countedAddresses })

  return (request) => {
    checkShape(request)
    const target = request.url ?? ''
    const key = keyOfTarget(path, target)
    if (key === undefined) throw refuse(404, 'NOT_FOUND', `only ${path}?key= and 64 hex digits is served`)
    const claim = check(401, () => readClaim(request.headers))
    if (!attempts.allow(addressKey(request.socket.remoteAddress), clock.monotonic())) {
      throw refuse(429, 'TOO_MANY_ATTEMPTS', `more than ${limits.upgradesPerMinute} attempts a minute`)
    }
    const now = clock.now()
    check(401, () => checkClaim(claim, self, now, limits))
    const objection = options.authorize(claim.sender)
    if (objection !== undefined) throw new UpgradeRefused(403, objection)
    if (options.connections(claim.sender) >= limits.connectionsPerHotkey) {
      throw refuse(
        429,
        'TOO_MANY_CONNECTIONS',
        `${claim.sender} has ${limits.connectionsPerHotkey} connections`,
      )
    }
    if (options.connections() >= limits.connections) {
      throw refuse(503, 'AXON_FULL', `all ${limits.connections} connections are taken`)
    }

    const signed = signedBytes({
      scheme: 'sr25519',
      method: 'GET',
      target,
      body: new Uint8Array(0),
      nonce: claim.nonce,
      sender: claim.sender,
      receiver: self,
    })
    check(401, () => checkSignature(claim, signed))
    const fresh = nonces.accept(claim.sender, claim.nonce, now)
    if (fresh === 'replayed') throw refuse(401, 'AUTH_REPLAYED', 'this nonce was used before')
    if (fresh === 'full') throw refuse(503, 'AXON_FULL', 'too many upgrades in a short time')
    return { hotkey: claim.sender, signed, key }
  }
}

function checkShape(request: IncomingMessage): void {
  if (request.method !== 'GET') throw refuse(405, 'BAD_REQUEST', 'an upgrade is a GET')
  // The signature covers an empty body.
  const length = request.headers['content-length'] ?? '0'
  if (length !== '0' || request.headers['transfer-encoding'] !== undefined) {
    throw refuse(400, 'BAD_REQUEST', 'an upgrade has no body')
  }
}

function check<T>(status: number, step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (error instanceof StarlingError) throw new UpgradeRefused(status, error)
    throw error
  }
}

function refuse(status: number, code: string, message: string): UpgradeRefused {
  return new UpgradeRefused(status, new StarlingError(code, message))
}
