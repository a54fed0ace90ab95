import { type BackOff, backOffMs } from '../../dialling/back-off.ts'

/** After a failure of an endpoint. */
const BACK_OFF: BackOff = { firstMs: 1_000, longestMs: 30_000 }

/** How an endpoint has done so far. */
export interface Endpoint {
  readonly url: string
  /** Failures since it last brought a new block. */
  readonly failures: number
  /** Monotonic time before which it is not tried again, in milliseconds. */
  readonly notBefore: number
}

export function newEndpoints(urls: readonly string[]): readonly Endpoint[] {
  return [...new Set(urls)].map((url) => ({ url, failures: 0, notBefore: 0 }))
}

/**
 * Round robin with back-off: of the endpoints that may be tried now, the first after `previous` (an index; -1 for none);
 * where all are backing off, the one that is due first, with the milliseconds until then.
 */
export function nextEndpoint(
  endpoints: readonly Endpoint[],
  previous: number,
  now: number,
): { readonly index: number; readonly waitMs: number } {
  const inTurn = endpoints.map((_, i) => (previous + 1 + i) % endpoints.length)
  const due = (index: number) => endpoints[index]?.notBefore ?? 0
  const index = inTurn.find((i) => due(i) <= now) ?? inTurn.reduce((a, b) => (due(b) < due(a) ? b : a))
  return { index, waitMs: Math.max(0, due(index) - now) }
}

/** The endpoint after one more failure, with a rest whose length follows from `random` (0 to 1). */
export function failed(endpoint: Endpoint, now: number, random: number): Endpoint {
  const failures = endpoint.failures + 1
  return { ...endpoint, failures, notBefore: now + backOffMs(BACK_OFF, failures, random) }
}

/** The endpoint after it brought a new block: its past failures count no more. */
export function proven(endpoint: Endpoint): Endpoint {
  return { ...endpoint, failures: 0 }
}
