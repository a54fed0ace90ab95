import { hashText } from './hash.ts'

/**
 * JSON with the keys of every object in ascending order and nothing between tokens: equal values are equal text, whoever made
 * them. Keys whose value is undefined are left out, as in JSON.stringify.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

/** SHA-256 of {@link canonicalJson}, 32 bytes. */
export function canonicalHash(value: unknown): Uint8Array {
  return hashText(canonicalJson(value))
}
