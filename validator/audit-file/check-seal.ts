import { verifySignature } from '../../shared/chain/wallet/signer.ts'
import { equalBytes } from '../../shared/proof/hash.ts'
import { leafHash, rootOfHashes } from '../../shared/proof/merkle.ts'
import { sealMessage } from '../../shared/proof/seal.ts'
import { readSealLine } from '../transcript/line.ts'
import type { Seal } from '../transcript/records.ts'

/** One line of a file, without its newline. */
export interface FileLine {
  /** From 1. */
  readonly number: number
  /** First byte in the file. */
  readonly from: number
  readonly bytes: Uint8Array
}

export interface SealFault {
  readonly line: FileLine
  readonly why: string
}

export interface CheckedSeal {
  /** All lines but the last. */
  readonly lines: readonly FileLine[]
  /** Undefined where the last line is none. */
  readonly seal: Seal | undefined
  /** None where every byte is what the validator signed. */
  readonly faults: readonly SealFault[]
}

const NEWLINE = 0x0a

/** Holds every byte of a published round against its seal, and the seal against its signature. */
export function checkSeal(file: Uint8Array): CheckedSeal {
  const all = splitLines(file)
  const last = all.at(-1)!
  const lines = all.slice(0, -1)
  const read = readSealLine(new TextDecoder().decode(last.bytes))
  if (!('record' in read)) {
    const why = `the file does not end with a seal: ${read.field === '' ? 'the line' : read.field} ${read.why}`
    return { lines, seal: undefined, faults: [{ line: last, why }] }
  }
  const seal = read.record
  const faults = [...sealFaults(seal, lines, last), ...lineFaults(seal, lines, last)]
  if (file.at(-1) !== NEWLINE) faults.push({ line: last, why: 'the last line has no newline' })
  return { lines, seal, faults }
}

/** What is wrong with the seal itself. */
function sealFaults(
  { leaves, root, round, validator, signature }: Seal,
  lines: readonly FileLine[],
  at: FileLine,
) {
  const faults: SealFault[] = []
  if (!equalBytes(rootOfHashes(leaves), root))
    faults.push({ line: at, why: 'its root is not that of its leaves' })
  const message = sealMessage(round, leaves.length, root)
  if (!verifySignature(message, signature, validator))
    faults.push({ line: at, why: `it is not signed by ${validator}` })
  if (lines.length === 0) faults.push({ line: at, why: 'there is nothing before it' })
  return faults
}

/** Lines that are not what was sealed; the first one only where lines came or went, as all others moved. */
function lineFaults({ leaves, root }: Seal, lines: readonly FileLine[], at: FileLine): SealFault[] {
  const hashes = lines.map(({ bytes }) => leafHash(bytes))
  if (lines.length > 0 && equalBytes(rootOfHashes(hashes), root)) {
    // Then it is the seal's list that was changed, and no line.
    const isWhole = lines.length === leaves.length
    return isWhole ? [] : [{ line: at, why: `it lists ${leaves.length} leaves of ${lines.length} lines` }]
  }
  const changed = lines.filter((_line, i) => {
    const leaf = leaves[i]
    return leaf === undefined || !equalBytes(hashes[i]!, leaf)
  })
  if (lines.length === leaves.length) {
    return changed.map((line) => ({ line, why: `is not what was sealed (${range(line)})` }))
  }
  const line = changed[0] ?? at
  const why = `${lines.length} lines where ${leaves.length} were sealed; they part here (${range(line)})`
  return [{ line, why }]
}

function range({ from, bytes }: FileLine): string {
  return `bytes ${from} to ${from + bytes.length}`
}

function splitLines(file: Uint8Array): FileLine[] {
  const lines: FileLine[] = []
  let from = 0
  while (from < file.length || lines.length === 0) {
    const end = file.indexOf(NEWLINE, from)
    const to = end === -1 ? file.length : end
    lines.push({ number: lines.length + 1, from, bytes: file.subarray(from, to) })
    from = to + 1
  }
  return lines
}
