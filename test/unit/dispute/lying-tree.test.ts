import { describe, expect, it } from 'vitest'
import type { Ask } from '../../../shared/dispute/conduct.ts'
import type { DisputeReply, OpenedInputs } from '../../../shared/dispute/messages.ts'
import { SIDES, type Side } from '../../../shared/dispute/referee.ts'
import { type OperatorName, stepsOf } from '../../../shared/inference/reference/plan.ts'
import { dispute, type Fault, makeSide, makeWorld } from '../../support/dispute/world.ts'

type Weight = OpenedInputs['weights'][number]

const world = makeWorld()
const honest = makeSide(world)
const against = (liar: Side, ask: Ask) => {
  return { challenger: honest, defender: honest, [liar]: ask }
}

function fault(operator: OperatorName): Fault {
  const step = [...stepsOf(world.statement.plan)].find(
    (some) => some.operator === operator && some.chunk === 1,
  )!
  return { step, element: 0, change: (value) => value + 0.01 }
}

/** Passes a side's replies through a trick; rounds count from 0. */
function tricked(ask: Ask, trick: (reply: DisputeReply, round: number) => unknown): Ask {
  let round = 0
  return async (request) => trick((await ask(request)) as DisputeReply, round++)
}

function withInputs(reply: DisputeReply, change: (inputs: OpenedInputs) => OpenedInputs): DisputeReply {
  return reply.type === 'tile' && reply.inputs !== undefined
    ? { ...reply, inputs: change(reply.inputs) }
    : reply
}

describe('a liar that lies about its own tree', () => {
  const lie = fault('mixed')
  const lying = makeSide(world, { faults: [lie] })
  const flip = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte))

  const tricks: Record<string, (reply: DisputeReply, round: number) => unknown> = {
    'falls silent at first': () => undefined,
    'falls silent in the middle': (reply, round) => (round < 3 ? reply : undefined),
    throws: () => {
      throw new Error('gone')
    },
    'sends nonsense': (reply, round) => (round < 2 ? reply : { type: 'children', hashes: 'none' }),
    'sends a reply to something else': (reply, round) =>
      round < 2 ? reply : { type: 'trace', dispute: reply.dispute, root: reply.dispute },
    'names another dispute': (reply) => ({ ...reply, dispute: flip(reply.dispute) }),
    'lists hashes that it did not commit to': (reply) =>
      reply.type === 'children' ? { ...reply, hashes: reply.hashes.map(flip) } : reply,
    'lists too few hashes': (reply) =>
      reply.type === 'children' ? { ...reply, hashes: reply.hashes.slice(1) } : reply,
    'lists another node': (reply) =>
      reply.type === 'children' ? { ...reply, path: [...reply.path, 0] } : reply,
    'opens another value': (reply) =>
      reply.type === 'tile' ? { ...reply, values: flip(reply.values) } : reply,
    'opens too many values': (reply) =>
      reply.type === 'tile' ? { ...reply, values: Buffer.concat([reply.values, new Uint8Array(4)]) } : reply,
  }
  const challengerTricks: typeof tricks = {
    'does not open the inputs': (reply) =>
      reply.type === 'tile'
        ? { type: 'tile', dispute: reply.dispute, path: reply.path, values: reply.values }
        : reply,
    'opens other inputs': (reply) =>
      withInputs(reply, (inputs) => ({ ...inputs, tiles: inputs.tiles.map(flip) })),
    'opens fewer inputs': (reply) =>
      withInputs(reply, (inputs) => ({ ...inputs, tiles: inputs.tiles.slice(1) })),
    'opens short inputs': (reply) =>
      withInputs(reply, (inputs) => ({ ...inputs, tiles: inputs.tiles.map((tile) => tile.subarray(4)) })),
    'opens nodes of another tree': (reply) =>
      withInputs(reply, (inputs) => ({ ...inputs, nodes: inputs.nodes.map((hashes) => hashes.map(flip)) })),
    'opens fewer nodes': (reply) =>
      withInputs(reply, (inputs) => ({ ...inputs, nodes: inputs.nodes.slice(1) })),
  }

  it.each(SIDES.flatMap((side) => Object.keys(tricks).map((name) => [side, name] as const)))(
    'loses as the %s that %s',
    async (liar, name) => {
      const { verdict } = await dispute(world, against(liar, tricked(lying, tricks[name]!)))
      expect(verdict).toMatchObject({ outcome: 'settled', losers: [liar] })
    },
  )

  it.each(Object.keys(challengerTricks))('loses as the challenger that %s', async (name) => {
    const { verdict } = await dispute(world, against('challenger', tricked(lying, challengerTricks[name]!)))
    expect(verdict).toMatchObject({ outcome: 'settled', losers: ['challenger'] })
  })

  it('loses as the challenger that opens false weights, and false paths to them', async () => {
    const product = makeSide(world, { faults: [fault('fed')] })
    const forge = (change: (weight: Weight) => { values: Uint8Array; path: Uint8Array[] }) =>
      tricked(product, (reply) =>
        withInputs(reply, (inputs) => ({ ...inputs, weights: inputs.weights.map(change) })),
      )
    for (const change of [
      (weight: Weight) => ({ ...weight, values: flip(weight.values) }),
      (weight: Weight) => ({ ...weight, path: weight.path.map(flip) }),
    ]) {
      const { verdict } = await dispute(world, against('challenger', forge(change)))
      expect(verdict).toMatchObject({
        outcome: 'settled',
        losers: ['challenger'],
        reason: expect.stringContaining('weights'),
      })
    }
  })

  it('has both sides lose where both fall silent', async () => {
    const silent: Ask = async () => undefined
    const { verdict } = await dispute(world, { challenger: silent, defender: silent })
    expect(verdict).toMatchObject({ outcome: 'settled', losers: ['challenger', 'defender'] })
  })
})
