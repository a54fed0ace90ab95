import { type MinerRow, minerRowSchema } from '../../shared/proof/miner-row.ts'
import { readKept, receiptPath, receiptSources } from '../receipts/receipt-file.ts'

/** What validators settled for this miner, the newest rounds of each. */
export interface RowMemory {
  add(validator: string, round: number, row: MinerRow): void
  validators(): string[]
  /** Of one validator, oldest first. */
  rows(validator: string): readonly { readonly round: number; readonly row: MinerRow }[]
}

/** Rounds that plots go back: more than half a day of rounds of five minutes. */
const REMEMBERED = 150
/** As many validators as a subnet has at most. */
const MOST_VALIDATORS = 64

export function createRowMemory(): RowMemory {
  const rows = new Map<string, { round: number; row: MinerRow }[]>()
  return {
    add(validator, round, row) {
      const of = rows.get(validator) ?? []
      if (of.some((one) => one.round === round)) return
      if (!rows.has(validator) && rows.size >= MOST_VALIDATORS) return
      of.push({ round, row })
      of.sort((a, b) => a.round - b.round)
      if (of.length > REMEMBERED) of.shift()
      rows.set(validator, of)
    },
    validators: () => [...rows.keys()],
    rows: (validator) => rows.get(validator) ?? [],
  }
}

/** Brings back what a state folder keeps, so that plots survive a restart. Files that cannot be read are left to whoever writes them. */
export function recallRows(memory: RowMemory, folder: string): void {
  for (const validator of receiptSources(folder)) {
    try {
      for (const { round, row } of readKept(receiptPath(folder, validator)).receipts.slice(-REMEMBERED))
        memory.add(validator, round, minerRowSchema.parse(JSON.parse(new TextDecoder().decode(row))))
    } catch {
      // A plot is not worth a miner that does not start.
    }
  }
}
