import { describe, expect, it } from 'vitest'
import { groupAnswers } from '../../../validator/round/groups.ts'

interface Answer {
  readonly name: string
  readonly text: string
  readonly simhash?: Uint8Array
}

/** An answer whose hash has these bits set. */
function answer(name: string, bits: readonly number[] | undefined, text = `answer: ${name}`): Answer {
  if (bits === undefined) return { name, text }
  const simhash = new Uint8Array(128)
  for (const bit of bits) simhash[bit >> 3]! |= 1 << (bit & 7)
  return { name, text, simhash }
}

/** Names of each group's members, its representative in capitals. */
const names = (answers: readonly Answer[], clusterBits = 0, maxJudged = 12) =>
  groupAnswers(answers, { clusterBits, maxJudged }).map(({ representative, members }) =>
    members
      .map(({ answer }) => (answer === representative ? answer.name.toUpperCase() : answer.name))
      .join(''),
  )

const story = 'At dawn the shy fox met Dolu and Kape by a red mill. It sang by a tall tree.'

describe('groups', () => {
  it('hold answers with one hash, in the order given', () => {
    const answers = [answer('a', [1]), answer('b', [2]), answer('c', [1]), answer('d', []), answer('e', [2])]
    expect(names(answers)).toEqual(['Ac', 'Be', 'D'])
    expect(names(answers.toReversed())).toEqual(['Eb', 'D', 'Ca'])
    const [group] = groupAnswers(answers, { clusterBits: 0, maxJudged: 12 })
    expect(group!.members.map(({ similarity }) => similarity)).toEqual([1, 1])
  })

  it('hold answers within as many bits as the configuration says', () => {
    const answers = [answer('a', []), answer('b', [3, 4]), answer('c', [3, 4, 5, 6])]
    expect(names(answers, 0)).toEqual(['A', 'B', 'C'])
    expect(names(answers, 1)).toEqual(['A', 'B', 'C'])
    // The one in the middle is most like the others.
    expect(names(answers, 2)).toEqual(['aBc'])
    const [group] = groupAnswers(answers, { clusterBits: 2, maxJudged: 12 })
    const near = Math.cos((Math.PI * 2) / 1024)
    expect(group!.members.map(({ similarity }) => similarity)).toEqual([near, 1, near])
  })

  it('are of one where an answer has no hash', () => {
    const answers = [answer('a', undefined), answer('b', [1]), answer('c', undefined), answer('d', [1])]
    expect(names(answers)).toEqual(['A', 'Bd', 'C'])
  })

  it('hold stories that are copies but for a word, and no results that are', () => {
    const stories = [
      answer('a', [1], story),
      answer('b', [2], story.replace('tall', 'tiny')),
      answer('c', [3], 'It sang.'),
    ]
    expect(names(stories)).toEqual(['Ab', 'C'])
    const results = [answer('a', [1], `${story}\nanswer: 632`), answer('b', [2], `${story}\nanswer: 622`)]
    expect(names(results)).toEqual(['A', 'B'])
    expect(names(stories.map(({ name, text }) => ({ name, text })))).toEqual(['A', 'B', 'C'])
  })

  it('that are judged are the largest, then the first; nobody else gets into one', () => {
    const answers = [1, 2, 3, 4, 2, 4, 4].map((bit, i) => answer('abcdefg'[i]!, [bit, 100 + bit]))
    expect(names(answers)).toEqual(['A', 'Be', 'C', 'Dfg'])
    expect(names(answers, 0, 3)).toEqual(['A', 'Be', 'Dfg'])
    expect(names(answers, 0, 2)).toEqual(['Be', 'Dfg'])
  })
})
