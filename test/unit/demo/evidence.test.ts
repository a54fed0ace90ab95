import { describe, expect, it } from 'vitest'
import { departure, gatherEvidence } from '../../../scripts/demo/evidence.ts'
import { type PublishedRound, readPublishedRound } from '../../../scripts/demo/published.ts'
import { decideReplay } from '../../../shared/proof/decision.ts'
import { emptyScoreBook } from '../../../validator/scoring/score-book.ts'
import { encodeLine } from '../../../validator/transcript/line.ts'
import type { RecordOf } from '../../../validator/transcript/records.ts'

type Answer = RecordOf<'answer'>

const bytes = (length: number) => new Uint8Array(length)
const reveal: NonNullable<Answer['reveal']> = {
  ...{ id: bytes(32), tokens: [104, 105, 33], text: 'hi!', salt: bytes(32) },
  ...{ openings: [], finish: 'length' },
}
const finding = (verifier: string, verdict: 'accept' | 'reject', figures: Record<string, number>) => {
  return { verifier, verdict, reason: '', figures }
}

function answer(hotkey: string, change: Partial<Answer> = {}): Answer {
  return {
    ...{ kind: 'answer', challenge: 0, hotkey, reveal, result: 'accept', reason: '', surprise: 7 },
    findings: [
      finding('replay', 'accept', { largestMargin: 1e-7 }),
      finding('sketches', 'accept', { shareOfThreshold: 0.2 }),
    ],
    ...change,
  }
}

const rejected = (hotkey: string, share: number) =>
  answer(hotkey, {
    ...{ result: 'reject', reason: 'token 1 lies 3.21 below the replayed choice' },
    findings: [
      finding('replay', 'reject', { largestMargin: 3.21 }),
      finding('sketches', share > 1 ? 'reject' : 'accept', { shareOfThreshold: share }),
    ],
  })

function published(round: number, answers: Answer[]): PublishedRound {
  const lot = { output: bytes(32), proof: bytes(64) }
  const lines = [
    encodeLine({ kind: 'book', book: emptyScoreBook() }),
    encodeLine({ kind: 'challenge', index: 0, id: bytes(32), lot, prompt: 'Say hi.', gold: null }),
    ...answers.map(encodeLine),
    'the seal',
  ]
  return { file: 'f', ...readPublishedRound(round, `${lines.join('\n')}\n`) }
}

const spell = (tokens: readonly number[]) => String.fromCharCode(...tokens)
const rounds = [
  published(4, [answer('honest'), answer('cheat')]),
  published(5, [
    answer('honest'),
    rejected('cheat', 1e5),
    rejected('cheat', 0.5),
    answer('gone', { reveal: undefined, result: 'missed', reason: 'late', findings: [] }),
  ]),
]

describe('what published rounds show', () => {
  it('of a cheat: its first reject, with the token at which the replay departs', () => {
    const { shown, kinds } = gatherEvidence('cheat', [rounds], spell)
    expect(shown).toMatchObject({ round: 5, prompt: 'Say hi.', text: ['h', 'i', '!'], largestMargin: 3.21 })
    expect(shown?.shareOfThreshold).toBe(1e5)
    expect(kinds).toEqual([
      { kind: 'accept', count: 1 },
      { kind: 'reject by replay and sketches', count: 1 },
      { kind: 'reject by replay', count: 1 },
    ])
  })

  it('of an honest miner: an accepted answer, whole', () => {
    const { shown, kinds } = gatherEvidence('honest', [rounds, rounds], spell)
    expect(shown).toMatchObject({ round: 4, text: ['hi!', '', ''], reason: '', shareOfThreshold: 0.2 })
    expect(kinds).toEqual([{ kind: 'accept', count: 4 }])
  })

  it('round by round, with gaps where there was no answer', () => {
    const figures = (hotkey: string) =>
      gatherEvidence(hotkey, [rounds], spell).rounds.map(({ largestMargin }) => largestMargin)
    expect(figures('cheat')).toEqual([1e-7, 3.21])
    expect(figures('gone')).toEqual([undefined, undefined])
  })

  it('has a token for where the answer ended', () => {
    const ended = (tokens: readonly number[]) => spell(tokens.filter((token) => token < 256))
    const text = [answer('cheat', { ...rejected('cheat', 1), reveal: { ...reveal, tokens: [104, 257] } })]
    expect(gatherEvidence('cheat', [[published(1, text)]], ended).shown?.text).toEqual(['h', '(end)', ''])
  })

  it('reads the place from the reason that a replay gives', () => {
    expect(departure(decideReplay([0, 0, 5], 1e-4).reason)).toBe(2)
    expect(departure('hidden states in 8 rows lie 1e-2 apart')).toBeUndefined()
  })
})
