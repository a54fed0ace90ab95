import { z } from 'zod'

const share = z.number().min(0).max(1)

/** What a judge says instead of what its model would, as a scenario spells it. */
export const strategySchema = z.strictObject({
  /**
   * `honest` judges by its model. `clique` sides with its own group, and judges the others honestly. `inverter` does, too, and says the
   * opposite of its model on all other pairs. `tie`, `random` and `copy` save themselves the work: always a tie, a coin, another
   * judge's words.
   */
  kind: z.enum(['honest', 'clique', 'inverter', 'tie', 'random', 'copy']).default('honest'),
  /** Whom a clique helps: all its members, its first one alone, or whoever is compared with the best answer of the others. */
  aim: z.enum(['members', 'first', 'best']).default('members'),
  /** On which pairs: all, or those of which both are right or both wrong, where gold can't tell. */
  pairs: z.enum(['all', 'equal']).default('all'),
  /** Share of those pairs on which it does so; on the rest it is honest. */
  share: share.default(1),
  /** Probability to know of a challenge whether it is gold; it is honest where it believes so. Left out, it doesn't try. */
  detectsGold: share.optional(),
  /** Mismatches of its verdicts in published rounds after which it is honest for as long as they count. Left out, it goes on. */
  stopsAfter: z.number().int().positive().optional(),
})
export type Strategy = z.infer<typeof strategySchema>

export const HONEST: Strategy = strategySchema.parse({})

/** One of the two answers that a judge compares, as a cheat sees it. */
export interface SeenAnswer {
  /** Whether it comes from the judge's own group, and from the first of it. */
  readonly isMember: boolean
  readonly isFirst: boolean
  readonly isRight: boolean
  /** The best answer of the field that is not its group's. */
  readonly isBestOfOthers: boolean
}

/** ½ is a tie. */
export type Win = 0 | 0.5 | 1

/**
 * What a judge says of a pair.
 * @param honest the win of `a` that its model gives
 * @param other what another judge says of it
 */
export function claimedWin(
  { kind, aim, pairs, share: often }: Strategy,
  a: SeenAnswer,
  b: SeenAnswer,
  { honest, other }: { readonly honest: Win; readonly other: Win },
  random: () => number,
): Win {
  if (kind === 'honest' || (pairs === 'equal' && a.isRight !== b.isRight)) return honest
  if (often < 1 && random() >= often) return honest
  if (kind === 'tie') return 0.5
  if (kind === 'random') return random() < 0.5 ? 1 : 0
  if (kind === 'copy') return other
  const aimed = aimedWin(aim, a, b)
  if (aimed !== undefined) return aimed
  return kind === 'inverter' ? ((1 - honest) as Win) : honest
}

function aimedWin(aim: Strategy['aim'], a: SeenAnswer, b: SeenAnswer): Win | undefined {
  const [forA, forB] = {
    members: [a.isMember, b.isMember],
    first: [a.isFirst, b.isFirst],
    best: [b.isBestOfOthers, a.isBestOfOthers],
  }[aim] as [boolean, boolean]
  if (forA === forB) return undefined
  return forA ? 1 : 0
}
