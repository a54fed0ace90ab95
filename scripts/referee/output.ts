import { readFile, stat } from 'node:fs/promises'
import type { ProvenRuling } from '../../shared/dispute/hear-case.ts'
import type { ReferenceModel } from '../../shared/inference/reference/reference-model.ts'
import { readRegistry } from '../../shared/inference/registry/read-registry.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import { printableLine } from '../../shared/process/printable.ts'
import { toHex } from '../../shared/proof/hash.ts'

/** What the registry says of a model for referees. @throws StarlingError REGISTRY_…, MODEL_UNDECLARED, DISPUTE_UNSUPPORTED */
export async function referenceOf(path: string, hash: Uint8Array): Promise<ReferenceModel> {
  const { registry } = await readRegistry(path)
  const model = registry.models.find((declared) => declared.hash === toHex(hash))
  const remedy = 'give the registry of the subnet to --registry'
  if (model === undefined)
    throw new StarlingError('MODEL_UNDECLARED', `${path} holds no model ${toHex(hash)}`, remedy)
  if (model.reference !== undefined) return model.reference
  throw new StarlingError('DISPUTE_UNSUPPORTED', `${path} has no reference run of ${model.name}`, remedy)
}

/** Far above any record: base64 of a few openings. */
const MOST_BYTES = 64 * 1024 * 1024

/** @throws StarlingError DISPUTE_FILE where it can't be read, or is far too large */
export async function readText(path: string): Promise<string> {
  const unreadable = (what: string, cause?: unknown) =>
    new StarlingError('DISPUTE_FILE', `can’t read ${path}: ${what}`, 'check the path', { cause })
  const { size } = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(cause.code ?? 'unknown', cause)
  })
  if (size > MOST_BYTES) throw unreadable(`it has ${size} bytes`)
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(cause.code ?? 'unknown', cause)
  })
}

/** A ruling for a terminal. */
export function rulingLines({ losers, reason, answer, unproven }: ProvenRuling): string[] {
  const runs =
    losers.length === 0 ? 'both sides ran the same' : `lost by the ${losers.join(' and the ')}: ${reason}`
  const answers = {
    accept: 'the model chose the token in dispute: the answer stands',
    reject: `the model did not choose it: ${answer?.reason}`,
    inconclusive: `undecided: ${answer?.reason}`,
  }
  return [
    `run          ${runs}`,
    `answer       ${answer === undefined ? 'undecided: no run is left to judge it by' : answers[answer.verdict]}`,
    ...(unproven.length === 0
      ? []
      : [`on trust     that the ${unproven.join(' and the ')} was silent is the referee’s word alone`]),
  ]
}

export function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.map(printableLine).join('\n')}\n`)
}
