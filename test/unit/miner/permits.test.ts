import { describe, expect, it } from 'vitest'
import type { BlockHeader, ChainClient } from '../../../shared/chain/chain-client.ts'
import { watchPermits } from '../../../shared/chain/permits.ts'
import { silentLog } from '../../../shared/process/logging.ts'

/** A chain whose epoch ends every 20 blocks, and on which the validator gets its permit at block 20. */
async function permitsOn(reads: number[], options: { fails?: () => boolean } = {}) {
  let block = 1
  let listener = (_header: BlockHeader) => {}
  const chain = {
    metagraph: async () => {
      if (options.fails?.() === true) throw new Error('no answer')
      reads.push(block)
      const neuron = { hotkey: 'v', validatorPermit: block >= 20, stake: 10n }
      return {
        block,
        lastEpochBlock: Math.floor(block / 20) * 20,
        tempo: 20,
        neurons: [neuron, { ...neuron, hotkey: 'poor', stake: 1n }],
      }
    },
    onBlock: (listen: typeof listener) => {
      listener = listen
      return () => {}
    },
  } as unknown as ChainClient
  const permits = await watchPermits({ chain, netuid: 1, minStake: 5n, refreshBlocks: 15, log: silentLog() })
  const advance = async (to: number) => {
    for (; block < to; ) {
      block++
      listener({ number: block, hash: '0x' })
      await Promise.resolve()
    }
  }
  return { permits, advance }
}

describe('watchPermits', () => {
  it('sees a permit as soon as the epoch has given it', async () => {
    const { permits, advance } = await permitsOn([])
    await advance(19)
    expect(permits.check('v')).toMatchObject({ code: 'NO_PERMIT' })
    await advance(21)
    expect(permits.check('v')).toBeUndefined()
  })

  it('refuses strangers, and permits without enough stake', async () => {
    const { permits, advance } = await permitsOn([])
    await advance(21)
    expect(permits.check('poor')).toMatchObject({ code: 'NO_PERMIT' })
    expect(permits.check('stranger')).toMatchObject({ code: 'NO_PERMIT' })
  })

  it('looks after epochs and every few blocks, not at every block', async () => {
    const reads: number[] = []
    const { advance } = await permitsOn(reads)
    await advance(60)
    expect(reads).toEqual([1, 16, 20, 35, 40, 55, 60])
  })

  it('keeps the last answer when the chain gives none', async () => {
    let fails = false
    const { permits, advance } = await permitsOn([], { fails: () => fails })
    await advance(21)
    fails = true
    await advance(60)
    expect(permits.check('v')).toBeUndefined()
  })
})
