import type { Commitment } from '../../shared/chain/chain-client.ts'
import { verifySignature } from '../../shared/chain/wallet/signer.ts'
import { type Anchor, decodeAnchor, type PreviousRound } from '../../shared/proof/anchor.ts'
import { equalBytes, toHex } from '../../shared/proof/hash.ts'
import { type RowReceipt, verifyReceipt } from '../../shared/proof/receipt.ts'
import type { CheckLine } from '../check-line.ts'

/** What a receipt is held against. */
export interface ProofSources {
  /** ss58. */
  readonly validator: string
  /** All receipts of that validator that are kept. */
  readonly receipts: readonly RowReceipt[]
  /** Anchors that this miner saw when it got receipts. */
  readonly noted: readonly Commitment[]
  /** What the chain holds now, or why it was not asked. */
  readonly chain: Commitment | string | undefined
}

/** Whether the receipt proves its row: by the signature, against others of that round, and by the chain. */
export function proofLines(receipt: RowReceipt, sources: ProofSources): CheckLine[] {
  return [checkSignature(receipt, sources), checkOneRoot(receipt, sources), checkAnchored(receipt, sources)]
}

function checkSignature(receipt: RowReceipt, { validator }: ProofSources): CheckLine {
  const name = 'signed'
  const proves = verifyReceipt(receipt, (message, signature) =>
    verifySignature(message, signature, validator),
  )
  if (!proves) {
    const detail = 'the validator’s signature does not stand by this row: the file was changed'
    return { name, verdict: 'fail', detail }
  }
  const { index, count, root } = receipt
  const detail = `row ${index + 1} of ${count} under root ${toHex(root)}, signed by the validator`
  return { name, verdict: 'pass', detail }
}

function checkOneRoot(receipt: RowReceipt, { receipts }: ProofSources): CheckLine {
  const name = 'one root'
  const other = receipts.find(({ round, root }) => round === receipt.round && !equalBytes(root, receipt.root))
  if (other === undefined)
    return { name, verdict: 'pass', detail: 'no receipt of this round has another root' }
  return {
    name,
    verdict: 'fail',
    detail: `the validator signed ${toHex(other.root)} for this round as well: publish both receipts`,
  }
}

/**
 * The anchor of a validator's next round carries the root of the rows of this one. The chain holds a validator's newest anchor
 * only, so older rounds rest on what this miner noted.
 */
export function checkAnchored(receipt: RowReceipt, { noted, chain }: ProofSources): CheckLine {
  const name = 'on the chain'
  const seen = [
    ...(typeof chain === 'object' ? [read(chain, 'in the chain’s state now, written in block')] : []),
    ...noted.map((commitment) => read(commitment, 'noted by this miner, written in block')),
  ].filter((one) => one !== undefined)
  const naming = seen.filter(({ anchor }) => anchor.previous?.round === receipt.round)
  const denying = naming.find(({ anchor }) => !equalBytes(previousOf(anchor).rows, receipt.root))
  if (denying !== undefined) {
    const rows = toHex(previousOf(denying.anchor).rows)
    const detail = `the next anchor shows another root for this round, ${rows} (${denying.where}): the validator showed others other rows; publish this receipt`
    return { name, verdict: 'fail', detail }
  }
  if (naming[0] !== undefined) {
    const detail = `the anchor of round ${naming[0].anchor.round} carries this root (${naming[0].where})`
    return { name, verdict: 'pass', detail }
  }
  const unasked = typeof chain === 'string' ? `; the chain was not asked: ${chain}` : ''
  const skipping = seen.find(({ anchor }) => skips(anchor, receipt.round))
  if (skipping !== undefined) {
    const { anchor, where } = skipping
    const before = anchor.previous === undefined ? 'none' : `round ${anchor.previous.round}`
    const detail = `the anchor of round ${anchor.round} names ${before} as the one before (${where}): the validator lost this round, or denies it`
    return { name, verdict: 'fail', detail }
  }
  return { name, verdict: 'open', detail: `${whyOpen(seen, receipt.round)}${unasked}` }
}

interface Seen {
  readonly anchor: Anchor
  readonly where: string
}

function read({ block, data }: Commitment, where: string): Seen | undefined {
  const anchor = decodeAnchor(data)
  return anchor && { anchor, where: `${where} ${block}` }
}

function whyOpen(seen: readonly Seen[], round: number): string {
  if (seen.length === 0) return 'no anchor of this validator is known'
  const newest = Math.max(...seen.map(({ anchor }) => anchor.round))
  return newest <= round
    ? `the anchor of the validator’s next round will carry the root; its newest is of round ${newest}`
    : 'later anchors have replaced the one that carried the root, and this miner did not note it'
}

/** Whether an anchor of a later round leaves this one out. */
function skips({ round, previous }: Anchor, asked: number): boolean {
  return round > asked && (previous === undefined || previous.round < asked)
}

function previousOf({ previous }: Anchor): PreviousRound {
  return previous!
}
