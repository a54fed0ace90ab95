import { describe, expect, it } from 'vitest'
import type { WeightsIntent } from '../../../validator/store/entries.ts'
import { createWorld, validator, type World } from '../../support/weights-world.ts'

describe('plain weights', () => {
  it('are set once for each settled round, by uid', async () => {
    const world = createWorld()
    await world.until(20)
    expect(world.chain.deeds).toEqual([])
    world.settle(1)
    await world.until(40)
    world.settle(2)
    await world.until(80)
    expect(world.kinds()).toEqual(['set', 'set'])
    expect(world.chain.deeds[0]).toMatchObject({ uids: [0, 2], weights: [65_535, 16_449] })
    expect(world.journal.map(({ kind }) => kind)).toEqual([
      ...['weights-intent', 'weights'],
      ...['weights-intent', 'weights'],
    ])
  })

  it('wait for the rate limit and for a permit, and carry the newest scores then', async () => {
    const world = createWorld({ weightsRateLimit: 30 })
    world.settle(1)
    await world.until(10)
    world.settle(2)
    await world.until(20)
    world.settle(3)
    await world.until(60)
    const [first, second] = world.chain.deeds
    expect(world.kinds()).toEqual(['set', 'set'])
    expect(second!.block - first!.block).toBe(30)
    expect(second!.weights[1]).toBe(Math.round(0.253 * 65_535))
    world.chain.setPermit(false)
    world.settle(4)
    await world.until(150)
    expect(world.kinds()).toEqual(['set', 'set'])
    world.chain.setPermit(true)
    await world.until(160)
    expect(world.kinds()).toEqual(['set', 'set', 'set'])
  })

  it('follow hotkeys, not uids', async () => {
    const world = createWorld()
    world.chain.hotkeys[0] = 'newcomer'
    world.settle(1)
    await world.until(10)
    expect(world.chain.deeds[0]).toMatchObject({ uids: [2], weights: [65_535] })
  })

  it('are not set without a score above zero', async () => {
    const world = createWorld()
    world.settle(1, { first: 0, second: 0 })
    await world.until(50)
    expect(world.journal).toEqual([])
  })

  it('stop the validator when its hotkey is gone', async () => {
    const world = createWorld()
    world.settle(1)
    world.chain.hotkeys[1] = 'newcomer'
    await expect(world.block()).rejects.toMatchObject({ code: 'NOT_REGISTERED' })
    expect(world.journal).toEqual([])
  })

  it('are not sent again while the first may still get into a block', async () => {
    const world = createWorld()
    world.settle(1)
    world.chain.setFate({ delay: 40, answered: false })
    await world.until(30)
    expect(world.journal.map(({ kind }) => kind)).toEqual(['weights-intent'])
    await world.until(60)
    expect(world.kinds()).toEqual(['set'])
    expect(world.journal.map(({ kind }) => kind)).toEqual(['weights-intent', 'weights'])
  })

  it('are sent again when they can get into no block any more', async () => {
    const world = createWorld()
    world.settle(1)
    world.chain.setFate({ delay: undefined, answered: false })
    await world.until(50)
    world.chain.setFate({ delay: 1, answered: true })
    await world.until(150)
    expect(world.outcomes()).toEqual(['lost'])
    expect(world.kinds()).toEqual(['set'])
  })

  it('are not taken for what somebody else set with the same hotkey', async () => {
    const world = createWorld()
    world.settle(1)
    world.chain.setFate({ delay: undefined, answered: false })
    await world.until(5)
    world.chain.setFate({ delay: 1, answered: true })
    const other = { netuid: 1, uids: [3], weights: [65_535], versionKey: 0n }
    await world.chain.client().setWeights(validator, other)
    await world.until(150)
    expect(world.outcomes()).toEqual(['lost'])
    expect(world.chain.deeds.map(({ uids }) => uids)).toEqual([[3], [0, 2]])
  })

  it('are tried again after the chain refused them', async () => {
    const world = createWorld()
    world.settle(1)
    // Raised after the plan was made.
    const onSent = () => {
      world.chain.rules.minAllowedWeights = 4
    }
    world.chain.setFate({ delay: 5, answered: true, onSent })
    await world.until(30)
    expect(world.outcomes()).toEqual(['refused'])
    expect(world.chain.deeds).toMatchObject([
      { kind: 'set', uids: [0, 1, 2, 3], weights: [65_535, 0, 16_449, 0] },
    ])
  })

  it('are not sent while the journal cannot take their intent, nor again when it could not take their receipt', async () => {
    const world = createWorld()
    world.settle(1)
    world.fillDisk(() => true)
    await world.until(40)
    expect(world.chain.attempts).toEqual([])
    world.fillDisk(({ kind }) => kind === 'weights')
    await world.until(60)
    expect(world.journal.map(({ kind }) => kind)).toEqual(['weights-intent'])
    world.fillDisk(() => false)
    await world.until(120)
    expect(world.kinds()).toEqual(['set'])
    expect(world.journal.map(({ kind }) => kind)).toEqual(['weights-intent', 'weights'])
  })

  it('wait while a runtime upgrade keeps the client from writing', async () => {
    const world = createWorld()
    world.chain.stopWrites('call set_weights takes other arguments')
    world.settle(1)
    await world.until(30)
    expect(world.journal).toEqual([])
    world.chain.stopWrites(undefined)
    await world.until(40)
    expect(world.kinds()).toEqual(['set'])
  })

  it('do not wait for an intent that was written for another chain', async () => {
    const world = createWorld()
    world.journal.push({
      ...{ kind: 'weights-intent', id: 4, chain: '0xother', method: 'plain', round: 9, block: 900 },
      ...{ epoch: 1, uids: [1], weights: [1], versionKey: '0' },
    })
    world.restart()
    world.settle(1)
    await world.until(10)
    expect(world.kinds()).toEqual(['set'])
    expect(world.journal.at(-1)).toMatchObject({ kind: 'weights', intent: 5 })
  })
})

describe('hash commits', () => {
  const commitReveal = { commitReveal: true, tempo: 50 }

  it('are made once an epoch and revealed in the next', async () => {
    const world = createWorld(commitReveal)
    for (let round = 1; round <= 20; round++) {
      world.settle(round)
      await world.until(round * 10)
    }
    const { deeds } = world.chain
    expect(deeds.filter(({ kind }) => kind === 'commit').map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3])
    expect(deeds.filter(({ kind }) => kind === 'reveal').map(({ epoch }) => epoch)).toEqual([1, 2, 3])
    expect(world.outcomes()).toEqual(['revealed', 'revealed', 'revealed'])
  })

  it.each([1, 3])('wait %s epochs, as the chain says when it is time', async (revealPeriodEpochs) => {
    const world = createWorld(commitReveal)
    world.settle(1)
    await world.until(20)
    world.chain.rules.revealPeriodEpochs = revealPeriodEpochs
    await world.until(300)
    expect(world.chain.deeds.map(({ kind, epoch }) => [kind, epoch])).toEqual([
      ['commit', 0],
      ['reveal', revealPeriodEpochs],
    ])
  })

  it('are not revealed before their epoch, nor twice in it', async () => {
    const world = createWorld({ commitReveal: true, tempo: 50 })
    world.settle(1)
    await world.until(49)
    expect(world.chain.attempts).toEqual(['commit'])
    await world.until(99)
    expect(world.chain.attempts).toEqual(['commit', 'reveal'])
  })

  it('that expired are reported, and the scores are committed again', async () => {
    const world = createWorld(commitReveal)
    world.settle(1)
    await world.until(20)
    world.restart(1)
    await world.until(130)
    world.restart()
    await world.until(220)
    expect(world.outcomes()).toEqual(['expired', 'revealed'])
    expect(world.chain.deeds.map(({ kind, epoch }) => [kind, epoch])).toEqual([
      ['commit', 0],
      ['commit', 2],
      ['reveal', 3],
    ])
  })

  it('are revealed by a later try when one fails', async () => {
    const world = createWorld(commitReveal)
    world.settle(1)
    await world.until(45)
    world.chain.setFate({ delay: undefined, answered: false })
    await world.until(55)
    world.chain.setFate({ delay: 1, answered: true })
    await world.until(65)
    expect(world.kinds()).toEqual(['commit', 'reveal'])
    expect(world.outcomes()).toEqual(['revealed'])
  })

  it('are revealed as committed when a uid has another hotkey by then', async () => {
    const world = createWorld(commitReveal)
    world.settle(1)
    await world.until(20)
    world.chain.hotkeys[0] = 'newcomer'
    await world.until(70)
    expect(world.chain.deeds[1]).toMatchObject({ kind: 'reveal', uids: [0, 2] })
  })

  it('are left closed when the subnet takes plain weights by then', async () => {
    const world = createWorld(commitReveal)
    world.settle(1)
    await world.until(20)
    world.chain.rules.commitReveal = false
    world.settle(2)
    await world.until(40)
    world.chain.rules.commitReveal = true
    await world.until(90)
    expect(world.kinds()).toEqual(['commit', 'set'])
    expect(world.outcomes()).toEqual(['superseded'])
  })
})

describe('what the chain would refuse anyway', () => {
  it.each([
    ['commit-reveal is off', (world: World) => Object.assign(world.chain.rules, { commitReveal: false })],
    ['the permit is gone', (world: World) => world.chain.setPermit(false)],
  ])('is not sent: a reveal while %s', async (_name, change) => {
    const world = createWorld({ commitReveal: true, tempo: 50 })
    world.settle(1)
    await world.until(20)
    change(world)
    await world.until(90)
    expect(world.chain.attempts).toEqual(['commit'])
  })
})

describe('timelocked commits', () => {
  const timelocked = { commitReveal: true, commitScheme: 'timelocked', tempo: 50 } as const

  it('are made once an epoch, and found open in the next', async () => {
    const world = createWorld(timelocked)
    for (let round = 1; round <= 12; round++) {
      world.settle(round)
      await world.until(round * 10)
    }
    const intents = world.journal.filter(({ kind }) => kind === 'weights-intent')
    expect(intents).toMatchObject([
      { method: 'timelocked', epoch: 0, hash: expect.stringMatching(/^0x/), revealRound: expect.any(Number) },
      { method: 'timelocked', epoch: 1 },
      { method: 'timelocked', epoch: 2 },
    ])
    expect(world.outcomes()).toEqual(['revealed', 'revealed'])
    // The block time is known after five blocks.
    expect(intents[0]).toMatchObject({ block: expect.toSatisfy((block: number) => block >= 6 && block < 12) })
  })

  it('are locked to the same round when a clock that was off is set right in between', async () => {
    const lockedTo = async (offMs: number) => {
      const world = createWorld(timelocked)
      world.setClock(offMs)
      await world.until(20)
      world.setClock(0)
      await world.until(25)
      world.settle(1)
      await world.until(30)
      return world.journal[0]
    }
    const right = await lockedTo(0)
    expect(right).toMatchObject({ kind: 'weights-intent', revealRound: expect.any(Number) })
    expect(await lockedTo(3_600_000)).toMatchObject({ revealRound: (right as WeightsIntent).revealRound })
    expect(await lockedTo(-3_600_000)).toMatchObject({ revealRound: (right as WeightsIntent).revealRound })
  })

  it('that the chain does not open are reported', async () => {
    const world = createWorld(timelocked)
    world.settle(1)
    await world.until(20)
    // A round that never comes out.
    world.journal[0] = { ...world.journal[0]!, hash: '0x' } as never
    await world.until(240)
    expect(world.outcomes()[0]).toBe('expired')
  })

  it('are recognised by their weights when the process died before the receipt and they were opened since', async () => {
    const world = createWorld({ ...timelocked, tempo: 20 })
    await world.until(6)
    world.settle(1)
    world.restart()
    await world.until(14)
    const intent = world.journal.findIndex(({ kind }) => kind === 'weights-intent')
    world.journal.splice(intent + 1)
    world.restart(1)
    await world.until(45)
    world.restart()
    await world.until(60)
    expect(world.kinds()).toEqual(['commit', 'reveal'])
    expect(world.outcomes()).toEqual(['revealed'])
  })
})
