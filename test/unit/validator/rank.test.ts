import { describe, expect, it } from 'vitest'
import { rankAnswers } from '../../../validator/round/rank.ts'
import type { JudgedField } from '../../../validator/round/types.ts'
import { defaultScoringConfig } from '../../../validator/scoring/config.ts'
import { emptyScoreBook } from '../../../validator/scoring/score-book.ts'
import { voiceWeight } from '../../../validator/scoring/voice-weight.ts'
import { makeAudited, makeChallenge, makeParticipants, testModel } from '../../support/participants.ts'

const gold = { family: 'test', prompt: 'prompt', answer: '7' }
const other = { ...testModel, name: 'other', hash: `0x${'cd'.repeat(32)}` }

/** Ranks with the given gold counts from earlier rounds, by voice. */
function rank(fields: readonly JudgedField[], voices: Record<string, { right: number; wrong: number }> = {}) {
  const book = { ...emptyScoreBook(), voices }
  return rankAnswers(fields, (voice, fresh) => voiceWeight(book, voice, defaultScoringConfig, fresh))
}

/** Three answers, of which the first alone is right. */
function field(
  index: number,
  isGold: boolean,
  scores: readonly number[] | undefined,
  judgeUid = 3,
): JudgedField {
  const miners = makeParticipants(5)
  const challenge = makeChallenge(index, isGold ? { gold } : {})
  const answers = miners
    .slice(0, 3)
    .map((miner) => makeAudited(challenge, miner, isGold ? { correct: miner.uid === 0 } : {}))
  return { challenge, judge: miners[judgeUid]!, answers, scores }
}

describe('rankAnswers', () => {
  it('believes a voice that was right on gold of the same round', () => {
    const golds = [0, 1, 2, 3].map((i) => field(i, true, [-0.1, -0.5, -0.6]))
    const open = field(9, false, [-0.3, -0.2, -0.9])
    const { qualities } = rank([...golds, open])
    const [first, second, third] = open.answers.map((answer) => qualities.get(answer)!)
    expect(second!).toBeGreaterThan(first!)
    expect(first!).toBeGreaterThan(third!)
  })

  it('gives a voice that was wrong on gold no weight', () => {
    const golds = [0, 1, 2, 3].map((i) => field(i, true, [-0.9, -0.5, -0.4]))
    const open = field(9, false, [-0.3, -0.2, -0.9])
    const { qualities } = rank([...golds, open])
    for (const answer of open.answers) expect(qualities.get(answer)).toBeCloseTo(0.5, 12)
  })

  it('counts judges of one model once, however many they are', () => {
    const known = { [`${testModel.hash}:likelihood`]: { right: 30, wrong: 10 } }
    const one = field(1, false, [-0.3, -0.2, -0.9])
    const twin = { ...one, judge: makeParticipants(5)[4]! }
    const alone = rank([one], known).qualities
    const doubled = rank([one, twin], known).qualities
    for (const answer of one.answers) expect(doubled.get(answer)).toBeCloseTo(alone.get(answer)!, 9)
  })

  it('hears voices of two models by their weights', () => {
    const known = {
      [`${testModel.hash}:likelihood`]: { right: 60, wrong: 40 },
      [`${other.hash}:likelihood`]: { right: 95, wrong: 5 },
    }
    const weak = field(1, false, [-0.1, -0.5, -0.9])
    const strong = {
      ...weak,
      judge: { ...makeParticipants(5)[4]!, model: other },
      scores: [-0.9, -0.5, -0.1],
    }
    const { qualities } = rank([weak, strong], known)
    expect(qualities.get(weak.answers[2]!)!).toBeGreaterThan(qualities.get(weak.answers[0]!)!)
  })

  it('counts what judges were asked, delivered and got right', () => {
    const { judges } = rank([
      field(0, true, [-0.1, -0.5, -0.6]),
      field(1, true, undefined),
      field(2, false, [0, 0, 0]),
    ])
    expect(judges).toHaveLength(1)
    expect(judges[0]).toMatchObject({ asked: 3, completed: 2, goldWrong: 0 })
    expect(judges[0]!.goldRight).toBeGreaterThan(0)
  })

  it('ranks nothing when no verdict came', () => {
    const silent = field(0, false, undefined)
    const { qualities } = rank([silent])
    for (const answer of silent.answers) expect(qualities.get(answer)).toBeCloseTo(0.5, 12)
  })
})
