import { describe, expect, it } from 'vitest'
import { bytesCodec } from '../../../shared/inference/text/bytes-codec.ts'
import { verdictSlots } from '../../../shared/judging/verdict-slots.ts'
import type { StoredCalibration } from '../../../shared/proof/sketch/read-calibration.ts'
import { type ReplayVerdictParts, replayVerdicts } from '../../../validator/round/replay-verdicts.ts'
import type { JudgePart } from '../../../validator/round/types.ts'
import { makeChallenge, testModel } from '../../support/participants.ts'

const model = { ...testModel, executionClass: 'cpu-q4/test' }
const publicKey = new Uint8Array(32).fill(7)
const challenge = makeChallenge(0)
const answers = ['answer: 7', 'answer: 8']
const slots = verdictSlots({ id: challenge.id, judge: publicKey, prompt: 'Now add 3 and 4.', answers })
const part = {
  ...{ challenge, slots, judge: { model, publicKey } },
  shown: answers.map((text) => ({ text, group: undefined })),
} as unknown as JudgePart

/** Honest margins of this class were up to 0.5 of a logit, and 100 of them in a sum are still honest. */
const measured = new Map([
  [
    model.hash,
    {
      calibration: {
        model: model.hash,
        pairs: [
          {
            ...{ prover: model.executionClass, verifier: model.executionClass, tolerance: 0.5 },
            evidence: { margin: { references: Array(8).fill(0.01), threshold: 50, clip: 0.5 } },
          },
        ],
      },
    } as unknown as StoredCalibration,
  ],
])

async function replayed(calibrations: ReplayVerdictParts['calibrations'], ...margins: number[]) {
  const replay = async () => ({
    margins: Float64Array.from(margins),
    logProbs: new Float64Array(),
    surprise: 0,
  })
  const score = async () => ({ logProb: -9 })
  const parts = { config: { judgeTemperature: 0.3, auditTolerance: 1e-4 }, calibrations }
  const engine = { model, text: bytesCodec, replay, score }
  const given = { method: 'prompted' as const, verdicts: slots.map(() => [65, 257]) }
  const [{ result } = { result: undefined }] = await replayVerdicts(part, given, [0], { ...parts, engine })
  return result
}

describe('a verdict in a class whose rounding changes tokens', () => {
  it('matches as long as its margins are honest ones', async () => {
    expect(await replayed(measured, 0, 0.49)).toBe('match')
    expect(await replayed(measured, 0.9, 0.9)).toBe('match')
  })

  it('does not match with one token that lies twice as far off as any honest one', async () => {
    expect(await replayed(measured, 0, 1.01)).toBe('mismatch')
    expect(await replayed(measured, Number.POSITIVE_INFINITY)).toBe('mismatch')
  })

  it('does not match where small ones add up', async () => {
    expect(await replayed(measured, ...Array<number>(120).fill(0.49))).toBe('mismatch')
  })

  it('is nobody’s guilt where the class was never measured', async () => {
    expect(await replayed(new Map(), 0, 9)).toBe('inconclusive')
  })
})

describe('a score in such a class', () => {
  const compared = async (calibrations: ReplayVerdictParts['calibrations'], score: number) => {
    const engine = { model, text: bytesCodec, score: async () => ({ logProb: -9 }) } as never
    const given = { method: 'likelihood' as const, scores: [score, score] }
    const config = { judgeTemperature: 0.3, auditTolerance: 1e-4 }
    return (await replayVerdicts(part, given, [0], { engine, config, calibrations }))[0]!.result
  }
  const own = -9 / (bytesCodec.encodeText('answer: 7').length + 1)

  it('can’t be told from any other', async () => {
    for (const score of [own, own + 1]) expect(await compared(measured, score)).toBe('inconclusive')
  })
})
