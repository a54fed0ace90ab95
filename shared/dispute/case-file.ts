import { z } from 'zod'
import type { DisputeCase } from '../protocol/dispute-messages.ts'
import { finish, name, sampling, text, u32 } from '../protocol/fields.ts'
import { MESSAGE_LIMITS } from '../protocol/limits.ts'
import { hex, parseJsonFile } from './file-fields.ts'

/** A case in a file: as on the wire, with byte strings as hex digits and tokens as numbers. */
export const caseFileSchema = z.strictObject({
  validator: hex(32),
  challenger: hex(32),
  defender: hex(32),
  challenge: hex(32),
  prompt: text(MESSAGE_LIMITS.promptBytes),
  model: hex(32),
  executionClass: name,
  sampling,
  tokens: z.array(u32).min(1).max(MESSAGE_LIMITS.answerTokens),
  finish,
  salt: hex(32),
  sketchRoot: hex(32),
  signature: hex(64),
  position: u32,
})

/** The text of a case's file. */
export function formatCase(dispute: DisputeCase): string {
  return `${JSON.stringify(z.encode(caseFileSchema, dispute), undefined, 2)}\n`
}

/** @throws StarlingError DISPUTE_CASE where the text is no case */
export function parseCase(text: string): DisputeCase {
  return parseJsonFile(caseFileSchema, text, 'DISPUTE_CASE', 'cut it from a published round')
}
