import type { Signer } from '../../shared/chain/wallet/signer.ts'
import { mapInSlices } from '../../shared/process/in-slices.ts'
import { toHex } from '../../shared/proof/hash.ts'
import type { RoundEntry } from '../store/entries.ts'
import { encodeLine } from './line.ts'
import type { RecordOf } from './records.ts'
import type { RoundFacts } from './round-facts.ts'
import { roundRecords } from './round-records.ts'
import { hashLine, sealHashed } from './seal.ts'

/** The file of a round, and what the journal keeps of it for the next round. */
export interface PublishedRound {
  readonly text: string
  readonly published: NonNullable<RoundEntry['published']>
}

/** Writes a round's facts down and seals them, in slices: with hundreds of miners it is seconds of work. */
export async function sealFacts(
  facts: RoundFacts,
  signer: Pick<Signer, 'address' | 'sign'>,
): Promise<PublishedRound> {
  const records = roundRecords(facts)
  const lines = await mapInSlices(records, encodeLine)
  const leaves = await mapInSlices(lines, hashLine)
  const { text, tree } = sealHashed(facts.round, lines, leaves, signer)
  const index = records.length - 1
  const { book, config } = records[index] as RecordOf<'standing'>
  return {
    text,
    published: {
      ...{ seal: toHex(tree.root), book: toHex(book), config: toHex(config), index, count: lines.length },
      path: tree.path(index).map(toHex),
    },
  }
}
