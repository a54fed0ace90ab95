import type { Signer } from '../../shared/chain/wallet/signer.ts'
import { encodeLine, readRecord } from '../../validator/transcript/line.ts'
import type { RecordKind, RecordOf, RoundRecord } from '../../validator/transcript/records.ts'
import { sealRound } from '../../validator/transcript/seal.ts'

/** The records of a published round, without its seal. */
export function recordsOf(text: string): RoundRecord[] {
  return text
    .split('\n')
    .slice(0, -2)
    .map((line) => {
      const read = readRecord(line)
      if (!('record' in read)) throw new Error(`${read.field} ${read.why}`)
      return read.record
    })
}

/** The first record of a kind, to look at or to change in place. */
export function first<Kind extends RecordKind>(
  records: readonly RoundRecord[],
  kind: Kind,
  fits: (record: RecordOf<Kind>) => boolean = () => true,
): RecordOf<Kind> {
  const found = records.find(
    (record): record is RecordOf<Kind> => record.kind === kind && fits(record as RecordOf<Kind>),
  )
  if (found === undefined) throw new Error(`no ${kind} record fits`)
  return found
}

/** What a dishonest validator publishes: the round with its records edited, under a new seal of its own. */
export function reseal(
  text: string,
  signer: Signer,
  edit: (records: RoundRecord[]) => RoundRecord[] | undefined,
): Uint8Array {
  const records = recordsOf(text)
  const edited = edit(records) ?? records
  const { round } = first(edited, 'round')
  return new TextEncoder().encode(sealRound(round, edited.map(encodeLine), signer).text)
}
