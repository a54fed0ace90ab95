import type { AnchorReceipt, BlockHeader, ChainClient } from '../../shared/chain/chain-client.ts'
import type { Signer } from '../../shared/chain/wallet/signer.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import { type Anchor, encodeAnchor } from '../../shared/proof/anchor.ts'

export interface AnchorParts {
  readonly chain: Pick<ChainClient, 'anchor' | 'blockHash' | 'onBlock'>
  readonly signer: Signer
  readonly netuid: number
  /** Blocks from now in one of which the anchor has to be. */
  readonly blocks: number
  /** The newest block that this validator has seen. */
  readonly newestBlock: () => BlockHeader
  readonly signal: AbortSignal
}

/** An anchor that is on the chain, and the block right after it: nobody knew its hash when the anchor was made. */
export interface Anchored {
  readonly receipt: AnchorReceipt
  readonly after: BlockHeader
}

/**
 * Puts an anchor on the chain and waits for the block right after the one that holds it. The round can't do without: a beacon
 * that was not drawn after the anchor proves nothing.
 * @throws StarlingError ANCHOR_LATE when no block within the limit holds it, CHAIN_…; the signal's reason
 */
export async function anchorRound(anchor: Anchor, parts: AnchorParts): Promise<Anchored> {
  const { chain, signer, netuid, blocks } = parts
  const last = parts.newestBlock().number + blocks
  const late = new AbortController()
  const stop = chain.onBlock(({ number }) => {
    if (number > last) late.abort(anchorLate(anchor.round, last))
  })
  let receipt: AnchorReceipt
  try {
    const signal = AbortSignal.any([parts.signal, late.signal])
    receipt = await chain.anchor(signer, netuid, encodeAnchor(anchor), signal)
  } finally {
    stop()
  }
  if (receipt.block > last) throw anchorLate(anchor.round, last)
  return { receipt, after: await blockAfter(receipt.block, parts) }
}

/** The block right after `number`, as soon as there is one. */
async function blockAfter(
  number: number,
  { chain, newestBlock, signal }: Pick<AnchorParts, 'chain' | 'newestBlock' | 'signal'>,
): Promise<BlockHeader> {
  const next = number + 1
  if (newestBlock().number < next) {
    // Takes the listeners with it: the validator's signal lives on.
    const over = new AbortController()
    const come = new Promise<void>((resolve, reject) => {
      signal.throwIfAborted()
      signal.addEventListener('abort', () => reject(signal.reason), { signal: over.signal })
      const stop = chain.onBlock((header) => {
        if (header.number >= next) resolve()
      })
      over.signal.addEventListener('abort', stop)
    })
    await come.finally(() => over.abort())
  }
  return { number: next, hash: await chain.blockHash(next) }
}

function anchorLate(round: number, last: number): StarlingError {
  return new StarlingError(
    'ANCHOR_LATE',
    `no block up to ${last} holds the anchor of round ${round}, which is given up`,
    'see whether the chain takes this hotkey’s transactions, or give it more time with round.anchorBlocks',
  )
}
