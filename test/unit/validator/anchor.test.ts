import { describe, expect, it } from 'vitest'
import type { AnchorReceipt, BlockHeader } from '../../../shared/chain/chain-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import type { Anchor } from '../../../shared/proof/anchor.ts'
import { encodeAnchor } from '../../../shared/proof/anchor.ts'
import { anchorRound } from '../../../validator/round/anchor.ts'

const anchor: Anchor = { round: 3, commits: new Uint8Array(32).fill(1), previous: undefined }
const hashOf = (number: number) => `0x${number.toString(16).padStart(64, '0')}`

/** A chain whose blocks come when the test says so; `takenIn` is the block that holds what is sent, if any does. */
function slowChain(takenIn: number | undefined) {
  const listeners = new Set<(header: BlockHeader) => void>()
  const sent: Uint8Array[] = []
  let newest: BlockHeader = { number: 100, hash: hashOf(100) }
  const onBlock = (listener: (header: BlockHeader) => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return {
    sent,
    listeners,
    newestBlock: () => newest,
    async advance(to: number) {
      while (newest.number < to) {
        newest = { number: newest.number + 1, hash: hashOf(newest.number + 1) }
        for (const listener of [...listeners]) listener(newest)
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    chain: {
      onBlock,
      blockHash: async (number: number) => {
        if (number > newest.number) throw new Error('no such block')
        return hashOf(number)
      },
      anchor: (_signer: unknown, _netuid: number, data: Uint8Array, signal?: AbortSignal) =>
        new Promise<AnchorReceipt>((resolve, reject) => {
          sent.push(data)
          signal?.addEventListener('abort', () => reject(signal.reason))
          onBlock(({ number, hash }) => {
            if (number === takenIn) resolve({ block: number, blockHash: hash } as AnchorReceipt)
          })
        }),
    },
  }
}

function begin(slow: ReturnType<typeof slowChain>, signal = new AbortController().signal) {
  const { chain, newestBlock } = slow
  const done = anchorRound(anchor, {
    ...{ chain, newestBlock, signal, netuid: 1, blocks: 8, signer: signerFromUri('//Alice') },
  })
  done.catch(() => {})
  return done
}

describe('anchorRound', () => {
  it('waits for the block that holds the anchor, and for the one right after it', async () => {
    const slow = slowChain(103)
    let isDone = false
    const done = begin(slow).finally(() => {
      isDone = true
    })
    expect(slow.sent).toEqual([encodeAnchor(anchor)])
    await slow.advance(103)
    expect(isDone).toBe(false)
    await slow.advance(104)
    expect(await done).toMatchObject({ receipt: { block: 103 }, after: { number: 104, hash: hashOf(104) } })
  })

  it('takes the right block where several came at once', async () => {
    const slow = slowChain(103)
    const done = begin(slow)
    await slow.advance(109)
    expect((await done).after).toEqual({ number: 104, hash: hashOf(104) })
  })

  it('gives up when the limit has passed without it', async () => {
    const slow = slowChain(undefined)
    const done = begin(slow)
    await slow.advance(108)
    await slow.advance(109)
    await expect(done).rejects.toMatchObject({ code: 'ANCHOR_LATE' })
  })

  it('does not take a block after the limit, whatever the chain client says', async () => {
    const slow = slowChain(103)
    const { chain } = slow
    const anchored = { block: 109 } as AnchorReceipt
    const done = begin({ ...slow, chain: { ...chain, anchor: async () => anchored } })
    await expect(done).rejects.toMatchObject({ code: 'ANCHOR_LATE' })
  })

  it.each([undefined, 103])('ends with the validator, wherever it stands (%s)', async (takenIn) => {
    const slow = slowChain(takenIn)
    const stop = new AbortController()
    const done = begin(slow, stop.signal)
    await slow.advance(103)
    stop.abort(new Error('stopped'))
    await expect(done).rejects.toThrow('stopped')
    // The fake's own listener is left.
    expect(slow.listeners.size).toBe(1)
  })
})
