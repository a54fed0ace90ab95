import { below, type Random } from '../random.ts'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz'

/** A made-up word of the given length; letters may repeat. */
export function makeWord(random: Random, length: number, alphabet: string = ALPHABET): string {
  let word = ''
  for (let i = 0; i < length; i++) word += alphabet[below(random, alphabet.length)]
  return word
}

/** `count` different letters in random order. */
export function distinctLetters(random: Random, count: number): string[] {
  const left = [...ALPHABET]
  return Array.from({ length: count }, () => left.splice(below(random, left.length), 1)[0]!)
}

/** A number with exactly that many decimal digits. */
export function makeNumber(random: Random, digits: number): number {
  const low = 10 ** (digits - 1)
  return low + below(random, 9 * low)
}
