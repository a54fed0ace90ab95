import { describe, expect, it } from 'vitest'
import { type FieldJudgement, type JudgedGroupField, rankFields } from '../../../validator/round/rank.ts'
import { rankAnswers, rankRules } from '../../../validator/round/rank-answers.ts'
import type { JudgedField, VerdictReplay } from '../../../validator/round/types.ts'
import { defaultScoringConfig } from '../../../validator/scoring/config.ts'
import { emptyScoreBook } from '../../../validator/scoring/score-book.ts'
import { makeAudited, makeChallenge, makeParticipants, testModel } from '../../support/participants.ts'

const miners = makeParticipants(5)
const gold = { family: 'test', prompt: 'prompt', answer: '7' }
const other = { ...testModel, name: 'other', hash: `0x${'cd'.repeat(32)}` }

/** Ranks with the given gold counts from earlier rounds, by voice. */
function rank(fields: readonly JudgedField[], voices: Record<string, { right: number; wrong: number }> = {}) {
  const book = { ...emptyScoreBook(), voices }
  return rankAnswers(fields, 'likelihood', rankRules(book, defaultScoringConfig, true))
}

/** Three answers, of which the first alone is right. */
function field(
  index: number,
  isGold: boolean,
  scores: readonly number[] | undefined,
  judgeUid = 3,
): JudgedField {
  const challenge = makeChallenge(index, isGold ? { gold } : {})
  const answers = miners
    .slice(0, 3)
    .map((miner) => makeAudited(challenge, miner, isGold ? { correct: miner.uid === 0 } : {}))
  const shown = answers.map((answer) => {
    return { text: answer.text, group: { representative: answer, members: [{ answer, similarity: 1 }] } }
  })
  const part = { challenge, judge: miners[judgeUid]!, shown, slots: [], lot: challenge.lot }
  return scores === undefined ? { ...part, reason: 'late' } : { ...part, opening: opened(scores) }
}

function opened(scores: readonly number[], results: readonly VerdictReplay['result'][] = []) {
  const replays = results.map((result, verdict) => ({ verdict, result }))
  return { given: { method: 'likelihood' as const, scores }, salt: new Uint8Array(32), read: [], replays }
}

const answersOf = ({ shown }: JudgedField) => shown.map(({ group }) => group!.representative)

describe('rankAnswers', () => {
  it('believes a voice that was right on gold of the same round', () => {
    const golds = [0, 1, 2, 3].map((i) => field(i, true, [-0.1, -0.5, -0.6]))
    const open = field(9, false, [-0.3, -0.2, -0.9])
    const { qualities } = rank([...golds, open])
    const [first, second, third] = answersOf(open).map((answer) => qualities.get(answer)!)
    expect(second!).toBeGreaterThan(first!)
    expect(first!).toBeGreaterThan(third!)
  })

  it('gives a voice that was wrong on gold no weight', () => {
    const golds = [0, 1, 2, 3].map((i) => field(i, true, [-0.9, -0.5, -0.4]))
    const open = field(9, false, [-0.3, -0.2, -0.9])
    const { qualities } = rank([...golds, open])
    for (const answer of answersOf(open)) expect(qualities.get(answer)).toBeCloseTo(0.5, 12)
  })

  it('counts judges of one model once, however many they are', () => {
    const known = { [`${testModel.hash}:likelihood`]: { right: 30, wrong: 10 } }
    const one = field(1, false, [-0.3, -0.2, -0.9])
    const twin = { ...one, judge: miners[4]! }
    const alone = rank([one], known).qualities
    const doubled = rank([one, twin], known).qualities
    for (const answer of answersOf(one)) expect(doubled.get(answer)).toBeCloseTo(alone.get(answer)!, 9)
  })

  it('hears voices of two models by their weights', () => {
    const known = {
      [`${testModel.hash}:likelihood`]: { right: 60, wrong: 40 },
      [`${other.hash}:likelihood`]: { right: 95, wrong: 5 },
    }
    const weak = field(1, false, [-0.1, -0.5, -0.9])
    const strong = {
      ...weak,
      judge: { ...miners[4]!, model: other },
      opening: opened([-0.9, -0.5, -0.1]),
    }
    const { qualities } = rank([weak, strong], known)
    expect(qualities.get(answersOf(weak)[2]!)!).toBeGreaterThan(qualities.get(answersOf(weak)[0]!)!)
  })

  it('tells of each challenge how far those who were heard were apart', () => {
    const known = { [`${testModel.hash}:likelihood`]: { right: 30, wrong: 10 } }
    const one = field(1, false, [-0.3, -0.2, -0.9])
    const opposite = { ...one, judge: miners[4]!, opening: opened([-0.3, -0.4, 0.3]) }
    const late = field(2, false, undefined)
    expect(rank([one, opposite, late, field(3, false, [0, 0, 0])], known).disagreements).toEqual([
      { challenge: 1, judges: 2, disagreement: 1 },
      { challenge: 2, judges: 0, disagreement: null },
      { challenge: 3, judges: 1, disagreement: null },
    ])
    // Whoever is silenced contradicts nobody.
    const liar = { ...opposite, opening: opened([-0.3, -0.4, 0.3], ['mismatch', 'mismatch']) }
    expect(rank([one, liar], known).disagreements).toEqual([{ challenge: 1, judges: 1, disagreement: null }])
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
    for (const answer of answersOf(silent)) expect(qualities.get(answer)).toBeCloseTo(0.5, 12)
  })

  it('hears no judge of whom two verdicts were forged, in this very round', () => {
    const golds = [0, 1, 2, 3].map((i) => field(i, true, [-0.1, -0.5, -0.6]))
    const open = field(9, false, [-0.3, -0.2, -0.9])
    const caught = { ...open, opening: opened([-0.3, -0.2, -0.9], ['mismatch', 'inconclusive', 'mismatch']) }
    const { qualities, judges } = rank([...golds, caught])
    for (const answer of answersOf(open)) expect(qualities.get(answer)).toBeCloseTo(0.5, 12)
    expect(judges[0]!.checks).toMatchObject({ verdicts: 15, replayed: 2, mismatched: 2 })
    const unsure = { ...open, opening: opened([-0.3, -0.2, -0.9], ['inconclusive', 'match', 'inconclusive']) }
    expect(rank([...golds, unsure]).qualities.get(answersOf(open)[1]!)).toBeGreaterThan(0.5)
  })

  it('gives whoever is like an answer its quality, the less the less alike', () => {
    const golds = [0, 1, 2, 3].map((i) => field(i, true, [-0.1, -0.5, -0.6]))
    const open = field(9, false, [-0.1, -0.5, -0.9])
    const [best] = answersOf(open)
    const twin = { ...best!, text: 'much the same' }
    const members = [
      { answer: best!, similarity: 1 },
      { answer: twin, similarity: 0.5 },
    ]
    const shown = open.shown.with(0, { text: best!.text, group: { representative: best!, members } })
    const { qualities } = rank([...golds, { ...open, shown }])
    expect(qualities.get(best!)).toBeGreaterThan(0.5)
    expect(qualities.get(twin)! - 0.5).toBeCloseTo((qualities.get(best!)! - 0.5) / 2, 12)
  })
})

describe('rankFields', () => {
  const judge = { hotkey: 'judge', model: 'm', method: 'prompted' } as const
  const checks = { verdicts: 6, tokens: 200, replayed: 1, mismatched: 0 }
  const wins = (pairs: readonly (readonly [a: number, b: number, winOfA?: number])[]): FieldJudgement => ({
    ...{ judge, checks },
    preferences: pairs.map(([a, b, winOfA = 1]) => ({ a, b, winOfA, weight: 1 })),
  })
  const rankOf = (...fields: JudgedGroupField[]) =>
    rankFields(
      fields,
      () => 1,
      () => false,
    )

  /** The second of four answers is planted; the first is right. */
  const planted: JudgedGroupField = {
    ...{ correct: [true, false, false, false], owners: ['a', '', 'b', 'c'], canary: 1, judgements: [] },
  }

  it('counts pairs of a planted answer apart, and ranks as if it were not there', () => {
    const pairs = [
      [0, 1],
      [0, 1],
      [1, 0, 1],
      [2, 1],
      [0, 2],
      [3, 2],
    ] as const
    const { qualities, judges } = rankOf({ ...planted, judgements: [wins(pairs)] })
    expect(judges[0]).toMatchObject({ goldRight: 1, goldWrong: 0, checks: { canaries: 3, obeyed: 1 } })
    const without = [
      [0, 1],
      [2, 1],
    ] as const
    const plain = { correct: [true, false, false], owners: ['a', 'b', 'c'], judgements: [wins(without)] }
    const [first, second, third] = rankOf(plain).qualities[0]!
    expect(qualities[0]).toEqual([first, 0, second, third])
  })

  it('counts for a judge what it gave itself, and ranks by what follows from the answers as well', () => {
    const judgement = wins([
      [0, 2],
      [0, 3],
    ])
    const own = judgement.preferences!.slice(0, 1)
    const { qualities, judges } = rankOf({ ...planted, judgements: [{ ...judgement, own }] })
    expect(judges[0]).toMatchObject({ goldRight: 1, goldWrong: 0 })
    expect(qualities[0]![2]).toBeCloseTo(qualities[0]![3]!, 12)
  })

  it('counts no obedience where nobody knows who is right', () => {
    const correct = [null, false, null, null]
    const { judges } = rankOf({
      ...planted,
      correct,
      judgements: [
        wins([
          [1, 0],
          [0, 2],
        ]),
      ],
    })
    expect(judges[0]!.checks).toMatchObject({ canaries: 0, obeyed: 0, verdicts: 6, tokens: 200, replayed: 1 })
    expect(judges[0]).not.toHaveProperty('equalPairs')
  })

  it('notes whom a judge sides with on pairs of equal truth', () => {
    const judgements = [
      wins([
        [2, 3],
        [2, 3],
        [0, 2],
        [1, 2],
      ]),
    ]
    const { judges } = rankOf({ ...planted, judgements }, { ...planted, judgements })
    expect(judges[0]!.equalPairs).toEqual({ b: { net: 4, count: 4 }, c: { net: -4, count: 4 } })
  })

  it('asks what a voice is worth by the gold of those that are heard', () => {
    const other = { ...wins([[2, 0]]), judge: { ...judge, hotkey: 'caught' } }
    const seen: unknown[] = []
    rankFields(
      [{ ...planted, judgements: [wins([[0, 2]]), other] }],
      (voice, fresh) => {
        seen.push([voice, fresh])
        return 1
      },
      (hotkey) => hotkey === 'caught',
    )
    expect(seen).toEqual([['m:prompted', { right: 1, wrong: 0 }]])
  })
})
