import { z } from 'zod'
import type { PoolStatus } from '../node/pool.ts'
import { hexParam, type Method, parseParams, type Subscription } from './method.ts'

/**
 * Milliseconds between "in a block" and "finalized". Both are true at once here, but polkadot-js drops the first when the
 * second comes while it still reads the block.
 */
const FINALIZED_DELAY_MS = 100

const transactionParam = z.tuple([hexParam])

const submitExtrinsic: Method = (chain, params) => {
  const [transaction] = parseParams(transactionParam, params)
  return chain.submit(transaction)
}

const submitAndWatch: Subscription = {
  notification: 'author_extrinsicUpdate',
  async start(chain, params, push, end) {
    const [transaction] = parseParams(transactionParam, params)
    let timer: NodeJS.Timeout | undefined
    const onStatus = (status: PoolStatus) => {
      push(status)
      if (status === 'invalid' || typeof status === 'object') end()
    }
    const stopHeads = chain.onHead((block) => {
      if (!block.extrinsics.includes(transaction)) return
      stopHeads()
      push({ inBlock: block.hash })
      timer = setTimeout(() => {
        push({ finalized: block.hash })
        end()
      }, FINALIZED_DELAY_MS)
    })
    try {
      await chain.submit(transaction, onStatus)
    } catch (error) {
      stopHeads()
      throw error
    }
    return () => {
      stopHeads()
      clearTimeout(timer)
    }
  },
}

export const authorMethods: Readonly<Record<string, Method>> = {
  author_submitExtrinsic: submitExtrinsic,
  author_pendingExtrinsics: ({ pool }) => pool.all(),
}

export const authorSubscriptions: Readonly<Record<string, Subscription>> = {
  author_submitAndWatchExtrinsic: submitAndWatch,
}

export const authorUnsubscribes: readonly string[] = ['author_unwatchExtrinsic']
