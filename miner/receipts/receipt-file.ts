import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { Commitment } from '../../shared/chain/chain-client.ts'
import { publicKeyOf } from '../../shared/chain/wallet/signer.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import { fromHex, toHex } from '../../shared/proof/hash.ts'
import type { RowReceipt } from '../../shared/proof/receipt.ts'

/** What a miner keeps of one validator, oldest first. */
export interface Kept {
  readonly receipts: readonly RowReceipt[]
  /** What the chain held of the validator when a receipt came: `decodeAnchor` reads it, where it is one. */
  readonly anchors: readonly Commitment[]
}

/** Receipts, and anchors, that are kept of one validator: three and a half days of rounds of five minutes. */
export const KEPT = 1_000

const hex = (bytes: number) => z.string().regex(new RegExp(`^0x[0-9a-f]{${bytes * 2}}$`))
const u32 = z.int().min(0).max(0xffffffff)

const lineSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('receipt'),
    round: u32,
    /** The row's bytes, which are text. */
    row: z.string(),
    index: u32,
    count: u32,
    path: z.array(hex(32)),
    root: hex(32),
    signature: hex(64),
  }),
  z.strictObject({ kind: z.literal('anchor'), block: u32, data: z.string().regex(/^0x(?:[0-9a-f]{2})*$/) }),
])

/** The file of one validator in a miner's state folder. */
export function receiptPath(folder: string, validator: string): string {
  return join(folder, 'receipts', `${validator}.jsonl`)
}

/** Validators whose receipts a miner keeps. */
export function receiptSources(folder: string): string[] {
  const place = join(folder, 'receipts')
  const files = existsSync(place) ? readdirSync(place) : []
  return files
    .filter((file) => file.endsWith('.jsonl'))
    .map((file) => file.slice(0, -'.jsonl'.length))
    .filter((name) => publicKeyOf(name) !== undefined)
    .sort()
}

/** All that is kept of one validator; nothing where there is no file. @throws StarlingError RECEIPTS_DAMAGED */
export function readKept(path: string): Kept {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const receipts: RowReceipt[] = []
  const anchors: Commitment[] = []
  for (const [at, line] of text.split('\n').slice(0, -1).entries()) {
    const entry = parseLine(path, line, at + 1)
    if (entry.kind === 'anchor') anchors.push({ block: entry.block, data: fromHex(entry.data) })
    else {
      const { kind, ...receipt } = entry
      receipts.push({
        ...receipt,
        row: new TextEncoder().encode(entry.row),
        path: entry.path.map(fromHex),
        root: fromHex(entry.root),
        signature: fromHex(entry.signature),
      })
    }
  }
  return { receipts, anchors }
}

/** Writes the newest of what is to be kept, so that a power cut leaves the old file or the new one. */
export function writeKept(path: string, { receipts, anchors }: Kept): void {
  const lines = [
    ...receipts.slice(-KEPT).map(({ row, path: siblings, root, signature, ...receipt }) => ({
      kind: 'receipt',
      ...receipt,
      row: new TextDecoder().decode(row),
      path: siblings.map(toHex),
      root: toHex(root),
      signature: toHex(signature),
    })),
    ...anchors.slice(-KEPT).map(({ block, data }) => ({ kind: 'anchor', block, data: toHex(data) })),
  ]
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.new`
  const file = openSync(temporary, 'w', 0o600)
  try {
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
}

function parseLine(path: string, line: string, number: number): z.infer<typeof lineSchema> {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    throw damaged(path, number, 'is not JSON')
  }
  const parsed = lineSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw damaged(path, number, `${issue.path.join('.') || 'the line'}: ${issue.message}`)
}

function damaged(path: string, number: number, what: string): StarlingError {
  return new StarlingError(
    'RECEIPTS_DAMAGED',
    `${path} is damaged at line ${number}: ${what}`,
    'move the file away; receipts that come from now on are kept in a new one',
  )
}
