import { below, pick, type Random } from '../random.ts'
import { ANIMALS, MEETS, NEAR, PLACES, TAKES, THINGS, TIMES, TRAITS, WALKS } from './words.ts'

/** Who a story is about, e.g. `shy fox`. */
export function makeSubject(random: Random): string {
  return `${pick(random, TRAITS)} ${pick(random, ANIMALS)}`
}

/** The sentence that opens every answer: `At dawn the shy fox met Dolu and Kape by a red mill.` About 33 nats. */
export function openingSentence(random: Random, subject: string): string {
  const friends = `${makeName(random)} and ${makeName(random)}`
  const place = withArticle(`${pick(random, TRAITS)} ${pick(random, PLACES)}`)
  return `${pick(random, TIMES)} the ${subject} ${pick(random, MEETS)} ${friends} ${pick(random, NEAR)} ${place}.`
}

/** `It sang by a red mill.` or `It saw a tiny harp.` or `Meri held the bun.` */
export function followingSentence(random: Random): string {
  switch (below(random, 3)) {
    case 0:
      return `It ${pick(random, WALKS)} ${pick(random, NEAR)} ${withArticle(`${pick(random, TRAITS)} ${pick(random, PLACES)}`)}.`
    case 1:
      return `It ${pick(random, TAKES)} ${withArticle(`${pick(random, TRAITS)} ${pick(random, THINGS)}`)}.`
    default:
      return `${makeName(random)} ${pick(random, TAKES)} the ${pick(random, THINGS)}.`
  }
}

/** `a red mill`, `an old mill`. */
export function withArticle(words: string): string {
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`
}

/** A made-up name of two syllables: 8.9 nats in four letters. */
export function makeName(random: Random): string {
  const consonants = 'bdfghklmnprstvwz'
  const vowels = 'aeiou'
  const letters = [consonants, vowels, consonants, vowels].map((set) => set[below(random, set.length)])
  const name = letters.join('')
  return name[0]!.toUpperCase() + name.slice(1)
}

/** Shorter stories would not carry enough surprise to show a wrong seed. */
const SHORTEST_STORY = 64

/** A story of whole sentences: at most the given number of characters, but never less than 64. */
export function story(random: Random, subject: string, characters: number): string {
  let text = openingSentence(random, subject)
  for (;;) {
    const next = `${text} ${followingSentence(random)}`
    if (next.length > characters && text.length >= SHORTEST_STORY) return text
    text = next
  }
}
