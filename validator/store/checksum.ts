import { createHash } from 'node:crypto'

/** SHA-256 of text in hex: guards what lies on disk against damage, not against an attacker with write access. */
export function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
