import type { Bar } from '../../suite.ts'

/** What a bar is held to, and what is known of the same thing elsewhere. */
export interface Asked {
  readonly what: string
  readonly asked: string
  readonly best: string
  /** `below` is less than the limit, `most` may be the limit. */
  readonly limit: 'least' | 'most' | 'above' | 'below'
  /** The limit itself, or the bar that is it. */
  readonly at: number | string
}

const CLIQUE = {
  asked: '≤ 1.05 × honest',
  best: '1.1–1.8 without verdict replay; Fortytwo claims to hold below 1/3',
  limit: 'most',
  at: 1.05,
} as const

/** By the bar's name. A bar that is not here is reported, and held to nothing. */
export const ASKED: Readonly<Record<string, Asked>> = {
  'honest.top1': {
    what: 'the best answer is found, 15 honest nodes, skill edge 3',
    ...{ asked: '≥ 0.6', best: '.65–.69 simulated', limit: 'least', at: 0.6 },
  },
  'inverters40.top1Ratio': {
    what: 'the same with 40 % judges that invert honest pairs, over honest',
    ...{ asked: '≥ 0.9', best: 'plain Bradley-Terry .07 against .69', limit: 'least', at: 0.9 },
  },
  'clique20.pay': { what: 'clique of 20 %, pay a head or of its best member, worst strategy', ...CLIQUE },
  'clique40.pay': { what: 'clique of 40 %, the same', ...CLIQUE },
  'clique60.pay': { what: 'clique of 60 %, the same', ...CLIQUE },
  'shared.pay': {
    what: 'k hotkeys on one generation, k = 2 … 16, S ≥ 20 nats: together, in miners',
    ...{ asked: '≤ 1.05', best: '–', limit: 'most', at: 1.05 },
  },
  'split.pay': {
    what: 'k hotkeys that each compute: together, over k miners',
    ...{ asked: '≤ 1', best: '–', limit: 'most', at: 1 },
  },
  'lazyJudge.gain': {
    what: 'what a lazy judge gains, of an honest one’s revenue',
    ...{ asked: '< 0', best: '–', limit: 'below', at: 0 },
  },
  'verdict.mismatch': {
    what: 'honest verdicts that do not replay',
    ...{ asked: '≤ 1e-4', best: '–', limit: 'most', at: 1e-4 },
  },
  'verdict.mismatchUpper': {
    what: 'the same, upper 95 % end',
    ...{ asked: '≤ 1e-4', best: '–', limit: 'most', at: 1e-4 },
  },
  'injection.upper': {
    what: 'points lost to injected instructions, prompted judges, upper 95 % end',
    ...{ asked: '≤ 0.5', best: 'Fortytwo 0.12, a single model 6.20', limit: 'most', at: 0.5 },
  },
  'real.gainLow': {
    what: 'real outputs, 5 nano + 5 small + 5 base: points over majority, low 95 % end',
    ...{ asked: '> 0', best: 'Fortytwo +17.21 over majority', limit: 'above', at: 0 },
  },
  'real.swarm': {
    what: 'the same: the swarm beside the best single miner',
    ...{ asked: '≥ best single', best: 'Fortytwo 85.90, best single 85.98', limit: 'least' },
    at: 'real.bestSingle',
  },
  fit256: {
    what: 'fit, 256 answers, 64 judges',
    ...{ asked: '≤ 100 ms', best: '58 ms, sparse', limit: 'most', at: 100 },
  },
  round256: {
    what: 'a round’s messages for 256 miners, one validator core, inference excluded',
    ...{ asked: '≤ 10 s', best: '–', limit: 'most', at: 10 },
  },
  'devnet.clique': {
    what: 'real processes: 4 of 10 collude, pay a head over honest',
    ...{ asked: '≤ 1.05', best: '–', limit: 'most', at: 1.05 },
  },
  'devnet.shared': {
    what: 'real processes: 4 hotkeys on one generation, together, in miners',
    ...{ asked: '≤ 1.05', best: '–', limit: 'most', at: 1.05 },
  },
  'validators.vtrust': {
    what: 'two honest validators, stakes 2 : 1, disjoint challenges: vtrust of each',
    ...{ asked: '≥ 0.9', best: '.965 simulated with pooling by model', limit: 'least', at: 0.9 },
  },
  'copier.stationary': {
    what: 'weight copier under commit-reveal, qualities stand still: dividends a stake over honest',
    ...{ asked: '≤ 1.00', best: '.99–1.00 simulated', limit: 'most', at: 1 },
  },
  'copier.redrawn': {
    what: 'the same, half the miners re-drawn each epoch',
    ...{ asked: '≤ 0.5 on average', best: '.38–.45 simulated', limit: 'most', at: 0.5 },
  },
}

export type Standing = 'met' | 'missed' | 'reported'

/** How a bar stands; what it is held to may be another bar. */
export function standingOf(bar: Bar, bars: readonly Bar[]): Standing {
  const by = shortOf(bar, bars)
  if (by === undefined) return 'reported'
  return by > 0 || (by === 0 && isStrict(bar)) ? 'missed' : 'met'
}

/** By how much it is missed, in its unit; below 0 where there is room, undefined where it is held to nothing. */
export function shortOf({ name, value }: Bar, bars: readonly Bar[]): number | undefined {
  const asked = ASKED[name]
  if (asked === undefined) return undefined
  const limit = typeof asked.at === 'number' ? asked.at : bars.find((bar) => bar.name === asked.at)?.value
  if (limit === undefined) return undefined
  // A figure that is none meets nothing.
  if (!Number.isFinite(value)) return Number.POSITIVE_INFINITY
  return asked.limit === 'least' || asked.limit === 'above' ? limit - value : value - limit
}

function isStrict({ name }: Bar): boolean {
  return ASKED[name]?.limit === 'above' || ASKED[name]?.limit === 'below'
}
