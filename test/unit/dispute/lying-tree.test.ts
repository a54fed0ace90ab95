import { describe, expect, it } from 'vitest'
import type { Ask } from '../../../shared/dispute/conduct.ts'
import { SIDES, type Side } from '../../../shared/dispute/referee.ts'
import { type OperatorName, stepsOf } from '../../../shared/inference/reference/plan.ts'
import { toHex } from '../../../shared/proof/hash.ts'
import { leafHash } from '../../../shared/proof/merkle.ts'
import type {
  DisputeReply,
  DisputeRequest,
  OpenedInputs,
  TileReply,
} from '../../../shared/protocol/dispute-messages.ts'
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
function tricked(
  ask: Ask,
  trick: (reply: DisputeReply, round: number, request: DisputeRequest) => unknown,
): Ask {
  let round = 0
  return async (request) => trick((await ask(request)) as DisputeReply, round++, request)
}

function withInputs(change: (inputs: OpenedInputs) => OpenedInputs) {
  return (reply: DisputeReply) =>
    reply.type === 'tile' && reply.inputs !== undefined ? { ...reply, inputs: change(reply.inputs) } : reply
}

function withWeights(change: (weight: Weight) => Weight) {
  return withInputs((inputs) => ({ ...inputs, weights: inputs.weights.map(change) }))
}

function flip(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte))
}

describe('a liar that lies about its own tree', () => {
  const lie = fault('fed')
  const lying = makeSide(world, { faults: [lie] })

  type Trick = (reply: DisputeReply, round: number, request: DisputeRequest) => unknown
  const tricks: Record<string, readonly [reason: string, trick: Trick]> = {
    'falls silent at first': ['silent', () => undefined],
    'falls silent in the middle': ['silent', (reply, round) => (round < 3 ? reply : undefined)],
    throws: [
      'silent',
      () => {
        throw new Error('gone')
      },
    ],
    'sends nonsense': [
      'not the reply',
      (reply, round) => (round < 2 ? reply : { type: 'children', hashes: 7 }),
    ],
    'sends a reply to something else': [
      'not the reply',
      (reply, round) => (round < 2 ? reply : { type: 'trace', dispute: reply.dispute, root: reply.dispute }),
    ],
    'names another dispute': ['another dispute', (reply) => ({ ...reply, dispute: flip(reply.dispute) })],
    'lists hashes that it did not commit to': [
      'hashes that it did not commit to',
      (reply) => (reply.type === 'children' ? { ...reply, hashes: reply.hashes.map(flip) } : reply),
    ],
    "lists the honest side's hashes": [
      'hashes that it did not commit to',
      (reply, _, request) => (reply.type === 'children' ? honest(request) : reply),
    ],
    'lists too few hashes': [
      'listed 1 hashes where there are 3',
      (reply) => (reply.type === 'children' ? { ...reply, hashes: reply.hashes.slice(0, 1) } : reply),
    ],
    'lists another node': [
      'another node',
      (reply) => (reply.type === 'children' ? { ...reply, path: [...reply.path, 0] } : reply),
    ],
    "opens the honest side's values": [
      'than it committed to',
      async (reply, _, request) =>
        reply.type === 'tile' ? { ...reply, values: ((await honest(request)) as TileReply).values } : reply,
    ],
    'opens too many values': [
      'than it committed to',
      (reply) =>
        reply.type === 'tile'
          ? { ...reply, values: Buffer.concat([reply.values, new Uint8Array(4)]) }
          : reply,
    ],
    'opens another tile': [
      'another tile',
      (reply) => (reply.type === 'tile' ? { ...reply, path: [...reply.path].reverse() } : reply),
    ],
  }
  const challengerTricks: typeof tricks = {
    'does not open the inputs': [
      'did not open the inputs',
      (reply) => {
        if (reply.type !== 'tile') return reply
        const { inputs: _, ...rest } = reply
        return rest
      },
    ],
    'opens other inputs': [
      'than it committed to',
      withInputs((inputs) => ({ ...inputs, tiles: inputs.tiles.map(flip) })),
    ],
    'opens other inputs under hashes that fit them': [
      'not below its root',
      withInputs((inputs) => {
        const forged = new Map(inputs.tiles.map((tile) => [toHex(leafHash(tile)), leafHash(flip(tile))]))
        const nodes = inputs.nodes.map((hashes) => hashes.map((hash) => forged.get(toHex(hash)) ?? hash))
        return { ...inputs, nodes, tiles: inputs.tiles.map(flip) }
      }),
    ],
    'opens fewer inputs': [
      'another number of tiles',
      withInputs((inputs) => ({ ...inputs, tiles: inputs.tiles.slice(1) })),
    ],
    'opens short inputs': [
      'than it committed to',
      withInputs((inputs) => ({ ...inputs, tiles: inputs.tiles.map((tile) => tile.subarray(4)) })),
    ],
    'opens fewer nodes': [
      'not below its root',
      withInputs((inputs) => ({ ...inputs, nodes: inputs.nodes.slice(1) })),
    ],
    'opens fewer weights': [
      'another number of weight tiles',
      withInputs((inputs) => ({ ...inputs, weights: inputs.weights.slice(1) })),
    ],
    'opens other weights': [
      "not the model's",
      withWeights(({ values, path }) => ({ values: flip(values), path })),
    ],
    'opens weights with a false path': [
      "not the model's",
      withWeights(({ values, path }) => ({ values, path: path.map(flip) })),
    ],
  }

  it.each(SIDES.flatMap((side) => Object.keys(tricks).map((name) => [side, name] as const)))(
    'loses as the %s that %s',
    async (liar, name) => {
      const [reason, trick] = tricks[name]!
      const { verdict } = await dispute(world, against(liar, tricked(lying, trick)))
      expect(verdict).toMatchObject({ losers: [liar], reason: expect.stringContaining(reason) })
    },
  )

  it.each(Object.keys(challengerTricks))('loses as the challenger that %s', async (name) => {
    const [reason, trick] = challengerTricks[name]!
    const { verdict } = await dispute(world, against('challenger', tricked(lying, trick)))
    expect(verdict).toMatchObject({ losers: ['challenger'], reason: expect.stringContaining(reason) })
  })

  it('has both sides lose where both fall silent', async () => {
    const silent: Ask = async () => undefined
    const { verdict } = await dispute(world, { challenger: silent, defender: silent })
    expect(verdict).toMatchObject({ outcome: 'settled', losers: ['challenger', 'defender'] })
  })
})
