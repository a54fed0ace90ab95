import { beforeAll, describe, expect, it } from 'vitest'
import { caseDigest, caseStatement } from '../../../shared/dispute/case.ts'
import { hearSession } from '../../../shared/dispute/hear-session.ts'
import { heldModels } from '../../../shared/dispute/held-models.ts'
import { statementDigest } from '../../../shared/dispute/statement.ts'
import { tilePaths, traceTree } from '../../../shared/dispute/tree.ts'
import type { StepInputs } from '../../../shared/inference/reference/inputs.ts'
import { stepName } from '../../../shared/inference/reference/plan.ts'
import { type HeldModel, readReferenceModel } from '../../../shared/inference/reference/reference-model.ts'
import { decodeDisputeReply } from '../../../shared/protocol/dispute-codec.ts'
import type { DisputeCase, DisputeMove } from '../../../shared/protocol/dispute-messages.ts'
import { DISPUTE_LIMITS } from '../../../shared/protocol/limits.ts'
import type { Session } from '../../../shared/protocol/session.ts'
import { deskOf, honestCase, KEYS, signCase } from '../../support/dispute/case.ts'
import { plainEvaluate } from '../../support/dispute/plain-evaluator.ts'
import { tinyModelFolder } from '../inference/tiny-model.ts'

let held: HeldModel
let honest: DisputeCase

beforeAll(async () => {
  held = await readReferenceModel(await tinyModelFolder(), { positionsPerChunk: 8, columnsPerTile: 48 })
  honest = await honestCase(held, plainEvaluate)
})

const open = (dispute: DisputeCase, id = caseDigest(dispute)) => {
  return { type: 'dispute-open', id, case: dispute } as const
}
const STEP = { chunk: 0, block: 0, operator: 'embedded', tile: 0 } as const
const desk = (change = {}) => deskOf('defender', held, plainEvaluate, change)
const move = (dispute: DisputeCase, change: Partial<DisputeMove['move']> = {}, piece = 0): DisputeMove => {
  const digest = statementDigest(caseStatement(dispute, held.reference))
  const request = { type: 'trace-request', dispute: digest, pins: [], ...change } as DisputeMove['move']
  return { type: 'dispute-move', id: caseDigest(dispute), move: request, piece }
}

describe('a desk', () => {
  it('opens a case once, and stands by its run', async () => {
    const own = desk()
    expect(await own.open(open(honest))).toEqual({ type: 'ack' })
    expect(await own.open(open(honest))).toEqual({ type: 'ack' })
    const piece = await own.move(move(honest))
    expect(piece).toMatchObject({ piece: 0, pieces: 1 })
    expect(decodeDisputeReply(piece.bytes)).toMatchObject({ type: 'trace' })
    // The same bytes and signature for whoever asks again.
    expect(await own.move(move(honest))).toEqual(piece)
  })

  it.each<[string, string, () => DisputeCase]>([
    ['of another miner', 'DISPUTE_NOT_MINE', () => ({ ...honest, defender: KEYS.referee.publicKey })],
    ['that its miner did not sign', 'DISPUTE_INVALID', () => signCase(honest, KEYS.referee)],
    ['with another token', 'DISPUTE_INVALID', () => ({ ...honest, tokens: [1, ...honest.tokens.slice(1)] })],
    ['about no token', 'DISPUTE_INVALID', () => ({ ...honest, position: 6 })],
    ['of a noisy class', 'DISPUTE_INVALID', () => signCase({ ...honest, executionClass: 'cpu-q4/x' })],
    ['beyond the context', 'DISPUTE_INVALID', () => ({ ...honest, prompt: 'x'.repeat(256) })],
    ['beyond the vocabulary', 'DISPUTE_INVALID', () => signCase({ ...honest, tokens: [259, 1, 2, 3, 4, 5] })],
  ])('refuses a case %s', async (_what, code, make) => {
    await expect(desk().open(open(make()))).rejects.toMatchObject({ code })
  })

  it('refuses a case under another name, and models that it does not hold', async () => {
    const id = new Uint8Array(32)
    await expect(desk().open(open(honest, id))).rejects.toMatchObject({ code: 'DISPUTE_INVALID' })
    const none = desk({ model: heldModels(new Map(), undefined) })
    await expect(none.open(open(honest))).rejects.toMatchObject({ code: 'UNKNOWN_MODEL' })
  })

  it('holds two cases, until they lie idle', async () => {
    let now = 0
    const own = desk({ clock: { now: () => 0, monotonic: () => now } })
    const others = [1, 2, 3].map((salt) => signCase({ ...honest, salt: new Uint8Array(32).fill(salt) }))
    await own.open(open(others[0]!))
    await own.open(open(others[1]!))
    await expect(own.open(open(others[2]!))).rejects.toMatchObject({ code: 'DISPUTE_BUSY' })
    now = 600_001
    await own.open(open(others[2]!))
    await expect(own.move(move(others[0]!))).rejects.toMatchObject({ code: 'DISPUTE_UNKNOWN' })
  })

  it('holds no more, however many come at once', async () => {
    const own = desk()
    const others = [1, 2, 3, 4].map((salt) => signCase({ ...honest, salt: new Uint8Array(32).fill(salt) }))
    const opened = await Promise.allSettled(others.map((other) => own.open(open(other))))
    expect(opened.map(({ status }) => status).sort()).toEqual([
      ...['fulfilled', 'fulfilled'],
      ...['rejected', 'rejected'],
    ])
  })

  it.each<[string, () => DisputeMove]>([
    ['of a case that was not opened', () => move(signCase({ ...honest, salt: new Uint8Array(32) }))],
    ['before the trace', () => move(honest, { type: 'children-request', path: [] } as never)],
    ['about another statement', () => move(honest, { dispute: new Uint8Array(32) })],
    [
      'that pins a place beside the tree',
      () => move(honest, { pins: [{ path: [7, 7, 7], element: 0, value: 1 }] }),
    ],
    [
      'that pins an element beside the tile',
      () => move(honest, { pins: [{ path: [0, 0, 0], element: 1e6, value: 1 }] }),
    ],
    ['for a piece that there is not', () => move(honest, {}, 1)],
  ])('refuses a move %s', async (_what, make) => {
    const own = desk()
    await own.open(open(honest))
    await expect(own.move(make())).rejects.toMatchObject({ code: 'DISPUTE_UNKNOWN' })
  })

  it('runs no more often than a dispute has passes', async () => {
    let runs = 0
    const own = desk({
      evaluate: async (inputs: StepInputs) => {
        if (inputs.kind === 'gather') runs++
        throw new Error('this test needs no run')
      },
    })
    await own.open(open(honest))
    const statement = caseStatement(honest, held.reference)
    const path = [...tilePaths(traceTree(statement.plan)).get(stepName(STEP))!]
    const pass = (value: number) => {
      const pins = [{ step: STEP, element: 0, value }]
      const digest = statementDigest({ ...statement, pins })
      return own.move(move(honest, { dispute: digest, pins: [{ path, element: 0, value }] }))
    }
    for (let value = 1; value <= 13; value++) await expect(pass(value)).rejects.toThrow('needs no run')
    await expect(pass(14)).rejects.toMatchObject({ code: 'DISPUTE_UNKNOWN' })
    expect(runs).toBe(13)
  })

  it('refuses nodes, tiles and chunks beside the tree', async () => {
    const own = desk()
    await own.open(open(honest))
    await own.move(move(honest))
    for (const beside of [
      { type: 'children-request', path: [7, 7] },
      { type: 'tile-request', path: [0], withInputs: true },
      { type: 'logits-request', chunk: 99 },
    ])
      await expect(own.move(move(honest, beside as never))).rejects.toMatchObject({ code: 'DISPUTE_UNKNOWN' })
  })
})

describe('pieces of a reply', () => {
  const bytes = (count: number) => new Uint8Array(count).fill(3)
  /** What is heard of a side that sends these pieces. */
  const heard = (pieces: readonly { piece: number; pieces: number; bytes: Uint8Array }[]) => {
    let at = 0
    const request = async ({ type }: { type: string }) =>
      type === 'dispute-open' ? { type: 'ack' } : { ...pieces[at++]!, signature: new Uint8Array(64) }
    return hearSession({ request: request as unknown as Session['request'] }, honest)(move(honest).move)
  }

  it('come together as they were cut', async () => {
    const parts = [bytes(3), bytes(2)].map((part, piece) => ({ piece, pieces: 2, bytes: part }))
    expect((await heard(parts)).body).toEqual(bytes(5))
  })

  it.each([
    [
      'of different replies',
      [
        { piece: 0, pieces: 2, bytes: bytes(1) },
        { piece: 1, pieces: 3, bytes: bytes(1) },
      ],
    ],
    [
      'twice',
      [
        { piece: 0, pieces: 2, bytes: bytes(1) },
        { piece: 0, pieces: 2, bytes: bytes(1) },
      ],
    ],
    [
      'beyond the limit',
      Array.from({ length: 6 }, (_, piece) => {
        return { piece, pieces: 6, bytes: bytes(DISPUTE_LIMITS.pieceBytes) }
      }),
    ],
  ])('%s are a fault of their side', async (_what, pieces) => {
    await expect(heard(pieces)).rejects.toMatchObject({ code: 'DISPUTE_FAULT' })
  })
})
