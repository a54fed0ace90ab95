import { describe, expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import type { Engine, ReplayRequest } from '../../../shared/inference/engine.ts'
import { bytesCodec } from '../../../shared/inference/text/bytes-codec.ts'
import { encodeText } from '../../../shared/inference/tokenizer.ts'
import { answerRoot, committedRoot, leafCount, sketchRoot } from '../../../shared/proof/answer-root.ts'
import { commitDigest } from '../../../shared/proof/commit.ts'
import { fromHex } from '../../../shared/proof/hash.ts'
import type { SketchCalibration } from '../../../shared/proof/sketch/calibration.ts'
import { sketchMatrix } from '../../../shared/proof/sketch/matrix.ts'
import { openedLeaves, openLeaves } from '../../../shared/proof/sketch/opening.ts'
import type { StoredCalibration } from '../../../shared/proof/sketch/read-calibration.ts'
import type { Reveal } from '../../../shared/protocol/messages.ts'
import { roundConfigSchema } from '../../../validator/config.ts'
import { auditAnswers } from '../../../validator/round/audit.ts'
import type { Attempt } from '../../../validator/round/types.ts'
import { makeChallenge, makeParticipants, testModel as replayedModel } from '../../support/participants.ts'

const validator = signerFromUri('//Alice')
/** At the level of hidden states. */
const testModel = { ...replayedModel, level: 3 as const }
const [miner] = makeParticipants(1, testModel)
const challenge = makeChallenge(0)
const salt = new Uint8Array(32).fill(9)
const beacon = new Uint8Array(32).fill(3)
// 31 characters and the end token: leaves are whole.
const text = 'so it is, and so it was before!'
const tokens = [...encodeText(text), testModel.eosToken]
const VALUES = 8

const whitening = { width: 2, inverse: Float32Array.of(1, 0, 1) }
const bucket = {
  from: 0,
  answers: 10,
  leaves: 100,
  rows: 400,
  mean: -14,
  variance: 0.3,
  quantiles: { p50: -14, p90: -13, p99: -12.5, p999: -12 },
  largest: -11.5,
  thresholds: [-10, -10, -10, -10],
}
const evidence = {
  answersPerAlarm: 1e6,
  margin: { references: [1e-6, 1e-6], threshold: 1e-4, clip: 0.5 },
  sketch: { references: [0.5, 0.5], threshold: 10, clip: 8 },
}
const calibration: SketchCalibration = {
  format: 'starling-sketch-calibration/2',
  model: testModel.hash,
  whitening: { file: 'whitening.f32.bin', sha256: '0'.repeat(64), width: 2, rows: 100, ridge: 1e-3 },
  pairs: [
    {
      prover: testModel.executionClass,
      verifier: testModel.executionClass,
      machine: 'test',
      prompts: 10,
      seed: 1,
      temperature: 0.8,
      tolerance: 1e-4,
      headroom: 1,
      evidence,
      buckets: [bucket, { ...bucket, from: 64 }],
    },
  ],
}
const stored: StoredCalibration = { calibration, whitening }

/** What the validator's engine finds, by answer position. */
const ownSketch = (position: number) => Array.from({ length: VALUES }, (_, k) => Math.sin(position + k))
const ownSketches = Float32Array.from(tokens.flatMap((_, position) => ownSketch(position)))

interface Sent {
  readonly sketches?: Float32Array
  readonly openedBy?: Uint8Array
  readonly change?: (reveal: Reveal) => Reveal
}

/** An answer that commits to these sketches, and opens what that beacon asks for. */
function attempt({
  sketches = ownSketches,
  openedBy = beacon,
  change = (reveal) => reveal,
}: Sent = {}): Attempt {
  const root = sketchRoot(tokens, sketches)
  const digest = digestOf(committedRoot(tokens, root))
  const asked = openedLeaves(openedBy, digest, leafCount(tokens.length))
  const openings = openLeaves(tokens, sketches, asked).map((opening) => ({
    ...opening,
    path: [...opening.path],
  }))
  return attemptOf(digest, change({ ...plain, openings }))
}

const plain: Reveal = {
  type: 'reveal',
  id: challenge.id,
  tokens,
  text,
  salt,
  openings: [],
  finish: 'stop',
  executionClass: testModel.executionClass,
  model: fromHex(testModel.hash),
}

function digestOf(root: Uint8Array): Uint8Array {
  const { hash, executionClass } = testModel
  const parties = { challenge: challenge.id, validator: validator.publicKey, miner: miner!.publicKey }
  return commitDigest({
    ...parties,
    model: fromHex(hash),
    executionClass,
    count: tokens.length,
    finish: 'stop',
    root,
    salt,
  })
}

function attemptOf(digest: Uint8Array, reveal: Reveal): Attempt {
  const commit = { type: 'commit', id: challenge.id, digest, signature: new Uint8Array(64) } as const
  return { challenge, miner: miner!, commit, reveal, result: 'revealed', milliseconds: 10 }
}

async function audit(one: Attempt, margin = 0, calibrations = new Map([[testModel.hash, stored]])) {
  const asked: ReplayRequest[] = []
  const replay = async (request: ReplayRequest) => {
    asked.push(request)
    const projected =
      request.projectionAt && Float32Array.from(request.projectionAt.positions.flatMap(ownSketch))
    return { margins: Float64Array.of(margin), logProbs: new Float64Array(0), surprise: 12, projected }
  }
  const engine = { model: testModel, text: bytesCodec, replay } as unknown as Engine
  const engines = [engine]
  const config = roundConfigSchema.parse({ maxTokens: 40 })
  const parts = { validator: validator.publicKey, engines, calibrations, beacon, config }
  return { asked, ...(await auditAnswers([one], parts))[0]! }
}

const apart = (distance: number) => ownSketches.map((value) => value * (1 + distance))

describe('an audit of a model whose hidden states must be proved', () => {
  it('accepts sketches as near to its own as honest ones are, and reads no more of them than were opened', async () => {
    const {
      result,
      reason,
      asked,
      evidence: sums,
      findings,
    } = await audit(attempt({ sketches: apart(1e-6) }))
    const found = sums!.map(({ statistic }) => statistic)
    const figures = findings!.map((finding) => finding.figures)
    expect({ result, reason }).toEqual({ result: 'accept', reason: '' })
    expect(asked[0]!.projectionAt!.positions).toHaveLength(8)
    expect(found).toEqual(['margin', 'sketch'])
    expect(figures).toMatchObject([
      { tokens: 1 },
      { shareOfThreshold: expect.closeTo(1e-6 * Math.exp(10), 2) },
    ])
    expect(asked[0]!.projectionAt!.matrix).toEqual(sketchMatrix(challenge.id, whitening))
  })

  it.each<[string, Sent, RegExp]>([
    ['sketches farther away than that', { sketches: apart(1e-3) }, /hidden states/],
    ['sketches of nothing', { sketches: new Float32Array(ownSketches.length) }, /hidden states/],
    ['sketches that are no numbers', { sketches: ownSketches.map(() => Number.NaN) }, /sketch value/],
    ['openings that another beacon asks for', { openedBy: new Uint8Array(32).fill(7) }, /was asked for/],
    ['openings left out', { change: withOpenings((openings) => openings.slice(1)) }, /1 openings where 2/],
    ['an opening twice', { change: withOpenings(([first]) => [first!, first!]) }, /was asked for/],
    [
      'other sketches than it committed to',
      {
        sketches: apart(1e-3),
        change: withOpenings((openings) =>
          openings.map((opening) => ({
            ...opening,
            sketches: opening.sketches.map((value) => value / 1.001),
          })),
        ),
      },
      /does not open the commit/,
    ],
    [
      'one leaf of another tree',
      {
        change: withOpenings(([first, second]) => [
          first!,
          { ...second!, sketches: second!.sketches.map((value) => value * 1.000001) },
        ]),
      },
      /not in the committed tree/,
    ],
    [
      'a path that leads nowhere',
      { change: withOpenings(([first, second]) => [{ ...first!, path: [] }, second!]) },
      /does not open the commit/,
    ],
  ])('rejects %s', async (_name, sent, reason) => {
    expect(await audit(attempt(sent))).toMatchObject({
      result: 'reject',
      reason: expect.stringMatching(reason),
    })
  })

  it('rejects openings that are not shown at all', async () => {
    const change = withOpenings(() => [])
    expect(await audit(attempt({ change }))).toMatchObject({ result: 'reject', reason: /does not open/ })
  })

  it('rejects an answer without any, unless the model counts at a lower level', async () => {
    const bare = attemptOf(digestOf(answerRoot(tokens)), plain)
    expect(await audit(bare)).toMatchObject({ result: 'reject', reason: /no hidden states/ })
    const lower = { ...miner!, model: replayedModel }
    for (const one of [bare, attempt()])
      expect(await audit({ ...one, miner: lower })).toMatchObject({
        result: 'accept',
        findings: [{ verifier: 'replay' }],
      })
  })

  it('decides nothing where its calibration is gone: a level less would be a gift to cheats', async () => {
    for (const one of [attempt(), attempt({ sketches: apart(1) })])
      expect(await audit(one, 0, new Map())).toMatchObject({
        result: 'inconclusive',
        reason: expect.stringMatching(/must be proved, and this validator has no calibration/),
      })
  })

  it('names the tokens first where they were not chosen either', async () => {
    const reject = await audit(attempt({ sketches: apart(1) }), 0.5)
    expect(reject).toMatchObject({ result: 'reject', reason: /token 0/ })
  })

  it('lets the replay alone decide where the pair of classes was never calibrated', async () => {
    const strange = { ...calibration, pairs: [{ ...calibration.pairs[0]!, prover: 'gpu' }] }
    const calibrations = new Map([[testModel.hash, { whitening, calibration: strange }]])
    expect((await audit(attempt({ sketches: apart(1) }), 0, calibrations)).result).toBe('accept')
  })
})

type Openings = Reveal['openings']

function withOpenings(change: (openings: Openings) => Openings) {
  return (reveal: Reveal): Reveal => ({ ...reveal, openings: change(reveal.openings) })
}
