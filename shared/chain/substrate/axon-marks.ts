import type { AxonMarks } from '../chain-client.ts'

/** Axon protocol that Bittensor's SDK writes. */
const AXON_PROTOCOL = 4

/**
 * The three bytes that `serve_axon` has beside the address. Subtensor stores them and reads none; its SDK writes 4, 0 and 0, which
 * is what a plain axon has here as well. The first placeholder is 1 for TLS, the second 1 for a gate.
 */
export function marksToChain({ tls, gate }: AxonMarks) {
  return { protocol: AXON_PROTOCOL, placeholder1: tls ? 1 : 0, placeholder2: gate ? 1 : 0 }
}

/** Marks of an axon on chain. Any other value is somebody else's business, and means a plain axon. */
export function marksFromChain(placeholder1: number, placeholder2: number): AxonMarks {
  return { ...(placeholder1 === 1 ? { tls: true } : {}), ...(placeholder2 === 1 ? { gate: true } : {}) }
}
