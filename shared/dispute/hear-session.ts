import { addressOf } from '../chain/wallet/signer.ts'
import { StarlingError } from '../process/errors.ts'
import type { DisputeCase, DisputePiece, DisputeRequest } from '../protocol/dispute-messages.ts'
import { DISPUTE_LIMITS } from '../protocol/limits.ts'
import { refusalCode } from '../protocol/refused-error.ts'
import type { Session } from '../protocol/session.ts'
import { caseDigest } from './case.ts'
import { disputeFault } from './referee.ts'
import type { SignedReply } from './signed-reply.ts'

/**
 * Asks a side over its connection: the first move opens the case there, and a reply is put together from its pieces.
 * Rejects with what the session says, or with `disputeFault` for pieces that don't fit together.
 */
export function hearSession(
  session: Pick<Session, 'request'>,
  dispute: DisputeCase,
  limits: { readonly traceMs: number; readonly moveMs: number } = DISPUTE_LIMITS,
): (request: DisputeRequest) => Promise<SignedReply> {
  const id = caseDigest(dispute)
  let opened: Promise<unknown> | undefined

  return async (move) => {
    opened ??= session.request({ type: 'dispute-open', id, case: dispute }, { timeoutMs: limits.moveMs })
    await opened
    const timeoutMs = move.type === 'trace-request' ? limits.traceMs : limits.moveMs
    const ask = (piece: number) => session.request({ type: 'dispute-move', id, move, piece }, { timeoutMs })
    const first = await ask(0)
    const parts = [first]
    while (parts.length < first.pieces) parts.push(await ask(parts.length))
    return joined(parts)
  }
}

/**
 * Opens a case at a side ahead of the hearing, where having no room for it is no guilt.
 * @throws StarlingError DISPUTE_BUSY; any other refusal is left to the hearing, which holds it against the side
 */
export async function openAhead(
  session: Pick<Session, 'request' | 'hotkey'>,
  dispute: DisputeCase,
  { moveMs }: { readonly moveMs: number } = DISPUTE_LIMITS,
): Promise<void> {
  const open = { type: 'dispute-open', id: caseDigest(dispute), case: dispute } as const
  await session.request(open, { timeoutMs: moveMs }).catch((error: unknown) => {
    if (refusalCode(error) !== 'DISPUTE_BUSY') return
    const remedy = 'hear the case later, or give --insist to count that as silence'
    throw new StarlingError('DISPUTE_BUSY', `${session.hotkey} has no room for another dispute`, remedy)
  })
}

function joined(parts: readonly DisputePiece[]): SignedReply {
  const { pieces, signature } = parts[0]!
  const isOne = parts.every((part, i) => part.piece === i && part.pieces === pieces)
  if (!isOne) throw disputeFault('sent pieces of different replies')
  const body = Uint8Array.from(Buffer.concat(parts.map(({ bytes }) => bytes)))
  if (body.length <= DISPUTE_LIMITS.replyBytes) return { body, signature }
  throw disputeFault(`sent ${body.length} bytes, and a reply holds ${DISPUTE_LIMITS.replyBytes}`)
}

/** Where a side is to be dialled. @throws StarlingError DISPUTE_ADDRESS unless the text is `host:port`, or that behind `wss://` */
export function sideAddress(text: string): {
  readonly ip: string
  readonly port: number
  readonly tls: boolean
} {
  const match = /^(wss:\/\/)?(?:\[([0-9a-f:.]+)\]|([^\s:[\]/]+)):(\d{1,5})$/i.exec(text)
  const port = Number(match?.[4])
  if (match === null || port < 1 || port > 65_535)
    throw new StarlingError('DISPUTE_ADDRESS', `${text} is no address`, 'give ip:port, or wss://ip:port')
  return { ip: match[2] ?? match[3]!, port, tls: match[1] !== undefined }
}

/** ss58 address of a side. */
export function sideHotkey(dispute: DisputeCase, side: 'challenger' | 'defender'): string {
  return addressOf(dispute[side])
}
