import { PRIME } from './field.ts'
import { SMALLEST_MODULUS } from './interpolate.ts'

/** A polynomial over the field that gives, at a value's index mod `modulus`, the value's bfloat16 pattern. */
export interface ToplocProof {
  readonly modulus: number
  /** Ascending, one for each value proven. */
  readonly coefficients: Uint16Array
}

/** A peer's proof, or why it is none. */
export type DecodedProof = { readonly proof: ToplocProof } | { readonly reason: string }

/** Bytes of a proof over that many values: 258 for the usual 128. */
export function proofLength(count: number): number {
  return 2 + 2 * count
}

/** modulus ‖ coefficients, each 16 bits big-endian. */
export function encodeProof(proof: ToplocProof): Uint8Array {
  const bytes = new Uint8Array(proofLength(proof.coefficients.length))
  const view = new DataView(bytes.buffer)
  view.setUint16(0, proof.modulus)
  for (const [i, coefficient] of proof.coefficients.entries()) view.setUint16(2 + 2 * i, coefficient)
  return bytes
}

/**
 * Reads a proof over `count` values. Numbers that no honest prover sends are refused here (the reference's proof for "something
 * failed" has modulus 0, and would divide by it), so that the arithmetic only sees elements of the field.
 */
export function decodeProof(bytes: Uint8Array, count: number): DecodedProof {
  if (bytes.length !== proofLength(count))
    return { reason: `proof has ${bytes.length} bytes where ${count} values take ${proofLength(count)}` }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const modulus = view.getUint16(0)
  if (modulus < SMALLEST_MODULUS || modulus > PRIME)
    return { reason: `proof has modulus ${modulus}, outside of ${SMALLEST_MODULUS} to ${PRIME}` }
  const coefficients = Uint16Array.from({ length: count }, (_, i) => view.getUint16(2 + 2 * i))
  const stranger = coefficients.findIndex((coefficient) => coefficient >= PRIME)
  if (stranger !== -1)
    return { reason: `proof has coefficient ${coefficients[stranger]} at ${stranger}, not below ${PRIME}` }
  return { proof: { modulus, coefficients } }
}

/** The text form that the reference prints: standard base64 with padding. */
export function proofToBase64(proof: ToplocProof): string {
  return Buffer.from(encodeProof(proof)).toString('base64')
}

/** Reads the text form of a proof over `count` values. */
export function proofFromBase64(text: string, count: number): DecodedProof {
  const bytes = Buffer.from(text, 'base64')
  // Node skips what is not base64; only the one way to write these bytes passes.
  if (bytes.toString('base64') !== text) return { reason: 'proof is not base64' }
  return decodeProof(bytes, count)
}
