import type { PublicationEntry, RoundEntry } from '../../validator/store/entries.ts'

const hash = (number: number) => `0x${number.toString(16).padStart(64, '0')}`

/** A round in which one miner answered, and another did not. */
export function roundEntry(round: number): RoundEntry {
  const answer = { challengeId: `0x${round}`, model: '0xab', greedy: false, gold: true } as const
  return {
    kind: 'round',
    round,
    block: round * 10,
    blockHash: '0x00',
    challenges: 1,
    milliseconds: 5,
    outcome: {
      round,
      controlsPassed: true,
      judges: [],
      answers: [
        { ...answer, hotkey: 'miner', result: 'accept', surprise: 30, correct: true },
        { ...answer, hotkey: 'other', result: 'missed', surprise: 0 },
      ],
    },
    rows: [],
    root: hash(round),
    published: { seal: hash(1), book: hash(2), config: hash(3), index: 4, count: 5, path: [] },
  }
}

/** An intent to set plain weights, and its receipt. */
export function publicationOf(id: number, round: number): [PublicationEntry, PublicationEntry] {
  const weights = { round, uids: [1], weights: [65_535] }
  const place = { chain: 'chain', method: 'plain', block: round * 10, epoch: 0, versionKey: '0' } as const
  return [
    { kind: 'weights-intent', id, ...weights, ...place },
    { kind: 'weights', block: round * 10 + 1, ...weights, intent: id },
  ]
}
