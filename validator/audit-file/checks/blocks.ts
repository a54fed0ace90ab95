import { blake2b } from '@noble/hashes/blake2.js'
import { decodeHeader, type Header } from '../../../shared/chain/devnet/runtime/header.ts'
import { toHex } from '../../../shared/proof/hash.ts'
import type { RoundFile } from '../read-round.ts'
import type { Fault } from '../report.ts'
import { faultOf } from '../same.ts'

/** A header of a file with its hash. */
export interface FileBlock {
  readonly number: number
  readonly hash: string
  readonly bytes: Uint8Array
}

/** The blocks of a file, from the round's to the beacon's, and what is wrong with them. */
export function readBlocks(file: RoundFile): { blocks: FileBlock[]; faults: Fault[] } {
  const { headers } = file
  const blocks: FileBlock[] = []
  const faults: Fault[] = []
  for (const [i, bytes] of headers.record.headers.entries()) {
    const field = `headers.${i}`
    const header = headerOf(bytes)
    if (header === undefined) return { blocks, faults: [faultOf(headers, 'is no header', field)] }
    const before = blocks.at(-1)
    if (before !== undefined && (header.parentHash !== before.hash || header.number !== before.number + 1))
      faults.push(faultOf(headers, `does not follow block ${before.number}`, field))
    blocks.push({ number: header.number, hash: toHex(blake2b(bytes, { dkLen: 32 })), bytes })
  }
  return { blocks, faults: [...faults, ...placeFaults(file, blocks)] }
}

/** The round opens at its block, the anchor is after that, and the beacon's block right after the anchor's. */
function placeFaults({ round, anchor, beacon, headers }: RoundFile, blocks: readonly FileBlock[]): Fault[] {
  const { block, config } = round.record
  const { roundBlocks } = config.round
  const faults: Fault[] = []
  if (block !== round.record.round * roundBlocks) {
    const due = round.record.round * roundBlocks
    faults.push(faultOf(round, `round ${round.record.round} opens at block ${due}, not at ${block}`, 'block'))
  }
  if (blocks[0]?.number !== block) {
    faults.push(faultOf(headers, `the first header is not that of block ${block}`, 'headers.0'))
  }
  if (anchor.record.block <= block) {
    faults.push(faultOf(anchor, `is not after block ${block}, which opened the round`, 'block'))
  }
  if (beacon.record.block !== anchor.record.block + 1) {
    faults.push(faultOf(beacon, `is not right after block ${anchor.record.block}, the anchor’s`, 'block'))
  }
  if (blocks.at(-1)?.number !== beacon.record.block) {
    faults.push(faultOf(headers, `the last header is not that of block ${beacon.record.block}`))
  }
  return faults
}

function headerOf(bytes: Uint8Array): Header | undefined {
  try {
    return decodeHeader(bytes)
  } catch {
    return undefined
  }
}
