import { below, pick, type Random } from '../../../../shared/inference/random.ts'
import { type Token, tokensOf } from './tokens.ts'

/** A frame, its tokens, and another frame to take pieces from. */
export interface Seed {
  readonly frame: Uint8Array
  readonly tokens: readonly Token[]
}

export type Mutation = (seed: Seed, random: Random, other: Seed) => Uint8Array

export const seedOf = (frame: Uint8Array): Seed => ({ frame, tokens: tokensOf(frame) })

/** Ways to damage a frame, by name. What comes out may still be valid. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'bit flips': ({ frame }, random) => {
    const out = Uint8Array.from(frame)
    for (let left = 1 + below(random, 4); left > 0; left--) {
      const at = below(random, out.length)
      out[at] = out[at]! ^ (1 << below(random, 8))
    }
    return out
  },
  truncation: ({ frame }, random) => frame.slice(0, below(random, frame.length)),
  'bytes after': ({ frame }, random) => join(frame, noise(random, 1 + below(random, 16))),
  noise: (_seed, random) => noise(random, below(random, 512)),
  'length lie': (seed, random) => {
    const token = pick(random, seed.tokens)
    return replaced(
      seed,
      token.at,
      token.payload === token.at ? token.end : token.payload,
      liedHead(token, random),
    )
  },
  'huge count': (seed, random) => {
    const { at, payload, end } = pick(random, seed.tokens)
    const head = pick(random, [0xdd, 0xdf, 0xdb, 0xc6, 0xc9])
    return replaced(seed, at, payload === at ? end : payload, [head, 0xff, 0xff, 0xff, below(random, 256)])
  },
  'deep nesting': (seed, random) => {
    const { at, end } = pick(random, seed.tokens)
    const depth = 1 + below(random, pick(random, [8, 100, 100_000]))
    const open = new Uint8Array(depth).fill(0x91)
    const nested = random() < 0.5 ? join(open, seed.frame.subarray(at, end)) : open
    return replaced(seed, at, end, nested)
  },
  'extension type': (seed, random) => {
    const { at, end } = pick(random, seed.tokens)
    const type = below(random, 256)
    const width = below(random, 8)
    if (width < 5) return replaced(seed, at, end, [0xd4 + width, type, ...noise(random, 2 ** width)])
    const length = below(random, 40)
    return replaced(seed, at, end, [0xc7, length, type, ...noise(random, length)])
  },
  'type swap': (seed, random, other) => {
    const [mine, theirs] = [pick(random, seed.tokens), pick(random, other.tokens)]
    return replaced(seed, mine.at, mine.end, other.frame.subarray(theirs.at, theirs.end))
  },
  'other number': (seed, random) => {
    const numbers = seed.tokens.filter(({ kind }) => kind === 'number')
    const { at, end } = pick(random, numbers.length === 0 ? seed.tokens : numbers)
    return replaced(seed, at, end, pick(random, NUMBERS))
  },
  'key twice': (seed, random) => {
    const maps = seed.tokens.filter(({ kind, entries }) => kind === 'map' && entries > 0 && entries < 15)
    const map = pick(random, maps)
    const key = seed.tokens[seed.tokens.indexOf(map) + 1]!
    const value = seed.tokens[seed.tokens.indexOf(key) + 1]!
    const pair = seed.frame.subarray(key.at, value.end)
    const grown = Uint8Array.from(seed.frame)
    grown[map.at] = 0x80 | (map.entries + 1)
    return join(grown.subarray(0, map.payload), pair, grown.subarray(map.payload))
  },
  'other key': (seed, random) => {
    const keys = seed.tokens.filter(({ isKey }) => isKey)
    const { at, end } = pick(random, keys)
    const names = ['__proto__', 'constructor', 'toString', 'seq', 'body', 'type', 'hasOwnProperty', '']
    return replaced(seed, at, end, text(pick(random, names)))
  },
  'not UTF-8': (seed, random) => {
    const texts = seed.tokens.filter(({ kind, end, payload }) => kind === 'text' && end > payload)
    const { payload, end } = pick(random, texts)
    const out = Uint8Array.from(seed.frame)
    out[payload + below(random, end - payload)] = pick(random, [0xff, 0xc0, 0xed, 0x80, 0xf8])
    return out
  },
  'control text': (seed, random) => {
    const texts = seed.tokens.filter(({ kind }) => kind === 'text')
    const { at, end } = pick(random, texts)
    return replaced(seed, at, end, text(pick(random, ['\u001b[2J', '\u0000', '\u202e', 'x'.repeat(40_000)])))
  },
  splice: (seed, random, other) =>
    join(
      seed.frame.subarray(0, below(random, seed.frame.length)),
      other.frame.subarray(below(random, other.frame.length)),
    ),
  'left out': (seed, random) => {
    const { at, end } = pick(random, seed.tokens)
    return replaced(seed, at, end, [])
  },
}

/** NaN, −0, infinities, negatives, fractions, and integers that no double holds. */
const NUMBERS = [
  [0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0],
  [0xcb, 0x80, 0, 0, 0, 0, 0, 0, 0],
  [0xca, 0x80, 0, 0, 0],
  [0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0],
  [0xcb, 0xff, 0xf0, 0, 0, 0, 0, 0, 0],
  [0xcb, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0],
  [0xff],
  [0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0],
  [0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0xcf, 0, 0x20, 0, 0, 0, 0, 0, 1],
  [0xce, 0xff, 0xff, 0xff, 0xff],
  [0xcf, 0, 0, 0, 1, 0, 0, 0, 0],
  [0xc0],
  [0xc3],
]

/** The head of a token with a length, or count, that is not the true one. */
function liedHead(token: Token, random: Random): number[] {
  const true_ = token.kind === 'map' || token.kind === 'array' ? token.entries : token.end - token.payload
  const lie = Math.max(0, true_ + pick(random, [-1, 1, 2, -2, 100, 65_000, below(random, 2 ** 20)]))
  const wide = [(lie >>> 24) & 255, (lie >>> 16) & 255, (lie >>> 8) & 255, lie & 255]
  return [pick(random, [0xc6, 0xdb, 0xdd, 0xdf]), ...wide]
}

function replaced({ frame }: Seed, from: number, to: number, by: ArrayLike<number>): Uint8Array {
  return join(frame.subarray(0, from), Uint8Array.from(by), frame.subarray(to))
}

function text(value: string): Uint8Array {
  const bytes = Buffer.from(value)
  if (bytes.length < 32) return join([0xa0 | bytes.length], bytes)
  return join([0xda, bytes.length >> 8, bytes.length & 255], bytes)
}

function noise(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => below(random, 256))
}

function join(...parts: readonly ArrayLike<number>[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
