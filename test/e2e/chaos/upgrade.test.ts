import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ChaosProxy } from '../../support/chaos-proxy.ts'
import { type Client, nextBlock, type Stage, startStage, validator } from './stage.ts'

const NEWS = 'state_runtimeVersion'
const SUBMIT = 'author_submitAndWatchExtrinsic'
const NEXT_SPEC = 9_999

/** Nothing here takes that long, but on a busy machine. */
const SLOW = { timeout: 240_000 }

/** An endpoint is left here for its runtime, not for being slow. */
const PATIENT = { timeoutMs: 20_000, silence: { floorMs: 60_000, ceilingMs: 60_000 } }

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
}, SLOW.timeout)
afterEach(async () => {
  for (const proxy of [stage.first, stage.second]) downgrade(proxy)
  await stage.disconnect()
})
afterAll(() => stage.close())

/** A name as metadata has it: its length and its bytes, as hex. */
const named = (text: string) => Buffer.from([text.length << 2, ...Buffer.from(text)]).toString('hex')

/** Lets the runtime behind an endpoint look like the next one, with other metadata where `change` gives it. */
function upgrade(proxy: ChaosProxy, change: (metadata: string) => string = (metadata) => metadata): void {
  const bump = (version: unknown) => ({ ...(version as object), specVersion: NEXT_SPEC })
  proxy.rewrite('state_getRuntimeVersion', bump)
  proxy.rewrite(NEWS, bump)
  proxy.rewrite('state_call', (result, params) =>
    (params as string[])[0] === 'Metadata_metadata_at_version' ? change(String(result)) : result,
  )
}

function downgrade(proxy: ChaosProxy): void {
  for (const method of ['state_getRuntimeVersion', NEWS, 'state_call']) proxy.rewrite(method, undefined)
}

const renameDests = (metadata: string) => metadata.replaceAll(named('dests'), named('dest5'))

/** Waits for a runtime, and for what the client makes of it. */
async function specOf(chain: Client, spec: number): Promise<void> {
  await expect.poll(() => chain.info().specVersion).toBe(spec)
}

describe('a runtime upgrade that changes a call', SLOW, () => {
  it('stops writes and not reads, names the call, and lets writes go on once it is undone', async () => {
    const chain = await stage.connect(PATIENT)
    const { specVersion } = chain.info()
    const before = await stage.transactions()
    expect(chain.writesStopped()).toBeUndefined()

    upgrade(stage.first, renameDests)
    stage.first.repeatNews(NEWS)
    await specOf(chain, NEXT_SPEC)
    expect(chain.writesStopped()).toMatch(/subtensorModule\.setWeights is \(netuid: u16, dest5: .*not \(/)
    const refused = chain.setWeights(validator, stage.weights)
    await expect(refused).rejects.toMatchObject({ code: 'CHAIN_INCOMPATIBLE' })
    await expect(refused).rejects.toThrow(/subtensorModule\.setWeights/)
    expect(await stage.transactions()).toBe(before)
    expect((await chain.metagraph(stage.weights.netuid)).neurons.length).toBeGreaterThan(0)
    await nextBlock(chain)

    downgrade(stage.first)
    stage.first.repeatNews(NEWS)
    await specOf(chain, specVersion)
    expect(chain.writesStopped()).toBeUndefined()
    await chain.setWeights(validator, stage.weights)
    expect(await stage.transactions()).toBe(before + 1)
  })

  it('is noticed after a lost connection, too, and when the client starts', async () => {
    const chain = await stage.connect({ ...PATIENT, endpoint: stage.first.url })
    upgrade(stage.first, renameDests)
    stage.first.cut()
    await specOf(chain, NEXT_SPEC)
    expect(chain.writesStopped()).toMatch(/setWeights/)
    const late = await stage.connect({ ...PATIENT, endpoint: stage.first.url })
    expect(late.writesStopped()).toMatch(/setWeights/)
    expect((await late.head()).number).toBeGreaterThan(0)
  })
})

describe('a runtime upgrade in the middle of setting weights', SLOW, () => {
  it('does not lose weights that a node has, nor set them twice', async () => {
    const chain = await stage.connect(PATIENT)
    const before = await stage.transactions()
    stage.first.onNext(SUBMIT, 'after', () => {
      upgrade(stage.first, renameDests)
      stage.first.repeatNews(NEWS)
    })
    const { block } = await chain.setWeights(validator, stage.weights)
    await specOf(chain, NEXT_SPEC)
    expect(await stage.transactions()).toBe(before + 1)
    expect(await stage.witness.blockHash(block.number)).toBe(block.hash)
  })

  it('signs for the runtime that is there when it is their turn, where the call means the same', async () => {
    const chain = await stage.connect(PATIENT)
    const before = await stage.transactions()
    upgrade(stage.first)
    stage.first.repeatNews(NEWS)
    await specOf(chain, NEXT_SPEC)
    // The call is made with the metadata of a runtime that is gone when the node tells the nonce.
    stage.first.onNext('system_accountNextIndex', 'before', () => {
      downgrade(stage.first)
      stage.first.repeatNews(NEWS)
    })
    await chain.setWeights(validator, stage.weights)
    expect(await stage.transactions()).toBe(before + 1)
  })

  it('says that a transaction signed for another runtime was not taken', async () => {
    const chain = await stage.connect(PATIENT)
    const before = await stage.transactions()
    upgrade(stage.first)
    stage.first.repeatNews(NEWS)
    await specOf(chain, NEXT_SPEC)
    expect(chain.writesStopped()).toBeUndefined()
    await expect(chain.setWeights(validator, stage.weights)).rejects.toMatchObject({ code: 'CHAIN_REJECTED' })
    expect(await stage.transactions()).toBe(before)
  })
})

describe('a runtime upgrade that cannot be read', SLOW, () => {
  it.each<[string, (metadata: string) => string]>([
    ['cut off in the middle', (metadata) => metadata.slice(0, 20_002)],
    ['no metadata at all', () => '0x00'],
    ['not even hex', () => 'nothing'],
  ])('sends the client to another endpoint, and crashes nothing: %s', async (_name, change) => {
    const printed: unknown[] = []
    const original = console.error
    console.error = (...args) => void printed.push(args)
    const chain = await stage.connect(PATIENT)
    upgrade(stage.first, change)
    stage.first.repeatNews(NEWS)
    const connected = () => stage.log.filter(({ msg }) => msg === 'chain connected')
    await expect.poll(() => connected().at(-1)?.endpoint).toBe(stage.second.url)
    expect(chain.info().specVersion).not.toBe(NEXT_SPEC)
    expect(stage.log.find(({ msg }) => msg === 'chain connection lost')?.reason).toMatch(/new runtime/)
    await nextBlock(chain)
    console.error = original
    expect(printed).toEqual([])
  })
})
