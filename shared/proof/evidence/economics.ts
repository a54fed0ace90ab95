/** What cheating may win and cost one miner. Money is in any one unit; costs are an answer's, rewards a round's. */
export interface CheatTerms {
  /** p: probability that an answer is audited. */
  readonly auditRate: number
  /** d: probability that the audit of a false answer finds it. */
  readonly detection: number
  readonly answersPerRound: number
  /** Rounds without reward after a reject, its own included. */
  readonly penaltyRounds: number
  readonly reward: number
  readonly honestCost: number
  readonly cheatCost: number
  /** S: stake that a reject burns. */
  readonly slash: number
}

/** Probability that at least one of n false answers is found: 1 − (1 − q)^n, where q = p·d. */
export function detectionWithin(q: number, answers: number): number {
  return -Math.expm1(answers * Math.log1p(-q))
}

/** Least n with `detectionWithin(q, n)` ≥ confidence; infinite for q = 0. */
export function answersUntil(q: number, confidence: number): number {
  return Math.max(1, Math.ceil(Math.log1p(-confidence) / Math.log1p(-q) - 1e-9))
}

/** What an honest miner earns in so many rounds. */
export function honestProfit(terms: CheatTerms, rounds: number): number {
  return rounds * (terms.reward - terms.answersPerRound * terms.honestCost)
}

/**
 * What a miner expects to earn in so many rounds that cheats in every answer: V(n) = −a·c + (1 − Q)·(R + V(n − 1)) +
 * Q·(V(n − W) − S), where Q is the probability of being found in a round. It rests while penalised, and leaves at the end, so a
 * penalty that lasts longer costs it no more. Doubled penalties and the climb from score 0 afterwards are left out: both
 * make cheating worse.
 */
export function cheatProfit(terms: CheatTerms, rounds: number): number {
  const { auditRate, detection, answersPerRound, penaltyRounds, reward, cheatCost, slash } = terms
  const found = detectionWithin(auditRate * detection, answersPerRound)
  const profits = [0]
  for (let left = 1; left <= rounds; left++) {
    const rewarded = reward + profits[left - 1]!
    const penalised = profits[Math.max(0, left - penaltyRounds)]! - slash
    profits.push((1 - found) * rewarded + found * penalised - answersPerRound * cheatCost)
  }
  return profits[rounds]!
}

/** What cheating wins over honest work in so many rounds; negative when it loses. */
export function cheatGain(terms: CheatTerms, rounds: number): number {
  return cheatProfit(terms, rounds) - honestProfit(terms, rounds)
}

/**
 * The audit rate at which cheating in every answer wins nothing over so many rounds; any higher one makes it lose. Undefined when it wins even
 * if every answer is audited. Needs a reward above the cost of cheating: then more audit never helps the cheat.
 */
export function leastAuditRate(terms: CheatTerms, rounds: number): number | undefined {
  const gainAt = (auditRate: number) => cheatGain({ ...terms, auditRate }, rounds)
  if (gainAt(1) > 0) return undefined
  let [below, above] = [0, 1]
  for (let halving = 0; halving < 50; halving++) {
    const middle = (below + above) / 2
    if (gainAt(middle) > 0) below = middle
    else above = middle
  }
  return above
}

/**
 * The audit rate at which not even a miner's last round pays for cheating, when no penalty is ahead: it saves a·C and loses R + S
 * with probability Q, so Q ≥ a·C/(R + S). From this rate on no plan of cheating pays, whenever it cheats, in however many
 * answers, and whenever it leaves. Undefined when auditing every answer is not enough.
 */
export function leastRateForAnyPlan(terms: CheatTerms): number | undefined {
  const { detection, answersPerRound, reward, honestCost, cheatCost, slash } = terms
  const found = (answersPerRound * (honestCost - cheatCost)) / (reward + slash)
  const perAnswer = -Math.expm1(Math.log1p(-found) / answersPerRound)
  return perAnswer <= detection ? perAnswer / detection : undefined
}

/**
 * The bound of PoSP (arXiv 2405.00295) on the probability that a false answer is found: C / [(1 − r)·S + (1 − 2r)·R]. Above it,
 * honesty is the only equilibrium of one answer at a time: fraud saves C, and when challenged it loses R and S, unless the
 * challenger is of the same party (probability r) and wins its own R. Infinite when no probability is enough.
 *
 * @param reward R: of one answer
 */
export function pospBound(saved: number, slash: number, reward: number, colluding: number): number {
  const stake = (1 - colluding) * slash + (1 - 2 * colluding) * reward
  return stake > 0 ? saved / stake : Number.POSITIVE_INFINITY
}

/** A subnet's traffic, of which every scored answer is audited and organic ones at `auditRate`. */
export interface Traffic {
  /** m and s: organic and scored answers; only their ratio matters. */
  readonly organic: number
  readonly scored: number
  readonly auditRate: number
}

/** (m·p + s)/(m + s): share of all answers that are audited. */
export function auditedShare({ organic, scored, auditRate }: Traffic): number {
  return (organic * auditRate + scored) / (organic + scored)
}

/** How an answer's proof is cut: see `answer-root.ts`. */
export interface ProofShape {
  readonly tokens: number
  readonly leafTokens: number
  readonly sketchBytes: number
  /** Leaves that an audit opens. */
  readonly openings: number
}

const NODE_BYTES = 32

/** Nodes of one Merkle path. */
export function pathNodes({ tokens, leafTokens }: ProofShape): number {
  return Math.ceil(Math.log2(Math.ceil(tokens / leafTokens)))
}

/** Bytes that one audit opens: the sketches of its leaves, and a whole path for each. */
export function openingBytes(shape: ProofShape): number {
  return shape.openings * (shape.leafTokens * shape.sketchBytes + pathNodes(shape) * NODE_BYTES)
}

/** Commit and salt, which every answer counts; the root follows from the openings. */
export const FIXED_BYTES = 2 * NODE_BYTES

/** Mean bytes of proof an answer. Tokens and text are the answer itself, and not counted. */
export function proofBytes(traffic: Traffic, shape: ProofShape): number {
  return FIXED_BYTES + auditedShare(traffic) * openingBytes(shape)
}
