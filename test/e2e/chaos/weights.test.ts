import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { alice, type Client, nextBlock, type Stage, startStage, validator } from './stage.ts'

const SUBMIT = 'author_submitAndWatchExtrinsic'

/** Nothing here takes that long, but on a busy machine. */
const SLOW = { timeout: 240_000 }

let stage: Stage
let chain: Client
let before: number

beforeAll(async () => {
  stage = await startStage()
}, SLOW.timeout)
afterAll(() => stage.close())

afterEach(() => stage.disconnect())

beforeEach(async () => {
  before = await stage.transactions()
  chain = await stage.connect()
})

/** The block that the witness sees the validator's weights set at. */
async function lastUpdate(): Promise<number> {
  const { neurons } = await stage.witness.metagraph(stage.weights.netuid)
  return neurons.find(({ hotkey }) => hotkey === validator.address)?.lastUpdate ?? -1
}

/**
 * Weights are set by one transaction, in the block of the receipt; some blocks after the endpoint recovered there is still
 * no other.
 */
async function expectSetOnce(
  setting: ReturnType<Client['setWeights']>,
  recover: () => void | Promise<void>,
): Promise<void> {
  const { block } = await setting
  await recover()
  expect(await lastUpdate()).toBe(block.number)
  for (let i = 0; i < 3; i++) await nextBlock(stage.witness)
  expect(await lastUpdate()).toBe(block.number)
  expect(await stage.transactions()).toBe(before + 1)
  expect(await stage.witness.blockHash(block.number)).toBe(block.hash)
}

describe('weights are set, and set once, when the endpoint', SLOW, () => {
  it('dies before the node hears of them', async () => {
    stage.first.onNext(SUBMIT, 'before', () => void stage.first.kill())
    await expectSetOnce(chain.setWeights(validator, stage.weights), () => stage.first.revive())
  })

  it('dies right after, before the answer', async () => {
    stage.first.onNext(SUBMIT, 'after', () => void stage.first.kill())
    await expectSetOnce(chain.setWeights(validator, stage.weights), () => stage.first.revive())
  })

  it('dies when they wait for a block', async () => {
    stage.first.rewrite(SUBMIT, (result) => {
      setImmediate(() => void stage.first.kill())
      return result
    })
    await expectSetOnce(chain.setWeights(validator, stage.weights), () => {
      stage.first.rewrite(SUBMIT, undefined)
      return stage.first.revive()
    })
  })

  it('dies when they are in a block, before it tells', async () => {
    stage.first.rewrite('author_extrinsicUpdate', (status) => {
      if (typeof status === 'object') setImmediate(() => void stage.first.kill())
      return 'ready'
    })
    await expectSetOnce(chain.setWeights(validator, stage.weights), () => {
      stage.first.rewrite('author_extrinsicUpdate', undefined)
      return stage.first.revive()
    })
  })

  it('freezes before the node hears of them, and passes them on much later', async () => {
    stage.first.onNext(SUBMIT, 'before', () => stage.first.freeze())
    await expectSetOnce(chain.setWeights(validator, stage.weights), () => stage.first.thaw())
  })

  it('freezes after, and never answers', async () => {
    stage.first.onNext(SUBMIT, 'after', () => stage.first.freeze())
    await expectSetOnce(chain.setWeights(validator, stage.weights), () => stage.first.thaw())
  })

  it('dies, and the other one dies, and the first comes back', async () => {
    stage.first.onNext(SUBMIT, 'after', () => void stage.first.kill())
    stage.second.onNext('chain_getBlockHash', 'after', () => {
      void stage.second.kill()
      void stage.first.revive()
    })
    await expectSetOnce(chain.setWeights(validator, stage.weights), () => stage.second.revive())
  })
})

describe('a transaction whose outcome nobody can tell', SLOW, () => {
  it('ends as unknown, and nothing new is signed until it is known', async () => {
    const alone = await stage.connect({ endpoint: stage.first.url, inclusionTimeoutMs: 2_500 })
    stage.first.onNext(SUBMIT, 'before', () => void stage.first.kill())
    const given = alone.setWeights(validator, stage.weights)
    await expect(given).rejects.toMatchObject({ code: 'CHAIN_OUTCOME_UNKNOWN', remedy: expect.any(String) })
    await stage.first.revive()
    await expect.poll(() => alone.head().catch(() => undefined)).toBeDefined()
    await nextBlock(alone)
    await expect(alone.setWeights(validator, stage.weights)).rejects.toMatchObject({
      code: 'CHAIN_OUTCOME_UNKNOWN',
    })
    expect(await stage.transactions()).toBe(before)
    // Once another transaction used its nonce it can be in no block.
    await stage.witness.setWeights(validator, stage.weights)
    await nextBlock(alone)
    await nextBlock(alone)
    await alone.setWeights(validator, stage.weights)
    expect(await stage.transactions()).toBe(before + 2)
  })

  it('is refused precisely when another transaction took its place', async () => {
    let rival: Promise<unknown> = Promise.resolve()
    stage.first.onNext(SUBMIT, 'before', () => {
      stage.first.cut()
      rival = stage.witness.setWeights(validator, stage.weights)
    })
    // It comes to the second endpoint with a nonce that is used by then.
    stage.second.freeze()
    const setting = chain.setWeights(validator, stage.weights)
    setting.catch(() => {})
    await nextBlock(stage.witness)
    await rival
    stage.second.thaw()
    await expect(setting).rejects.toMatchObject({
      code: 'CHAIN_REJECTED',
      message: expect.stringMatching(/another transaction of this account took its place/),
    })
    expect(await stage.transactions()).toBe(before + 1)
  })
})

describe('many transactions of one account', SLOW, () => {
  it('all get into the chain once when the endpoint dies in the midst of them', async () => {
    let sent = 0
    stage.first.rewrite(SUBMIT, (result) => {
      if (++sent === 3) setImmediate(() => void stage.first.kill())
      return result
    })
    const to = validator.address
    const start = await stage.witness.balance(to)
    const amounts = [1n, 2n, 4n, 8n, 16n, 32n].map((n) => n * 1_000_000n)
    await Promise.all(amounts.map((amount) => chain.transfer(alice, { to, amount })))
    expect((await stage.witness.balance(to)) - start).toBe(63_000_000n)
    stage.first.rewrite(SUBMIT, undefined)
    await stage.first.revive()
  })
})
