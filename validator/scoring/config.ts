import { z } from 'zod'

const fraction = z.number().min(0).max(1)
const rounds = z.number().int().positive()

/** Every number of the scoring rules that an operator may tune: default, unit and reason. */
export const scoringConfigSchema = z.strictObject({
  judgeShare: fraction
    .default(0.2)
    .describe(
      'β, share of the score that judging earns: answering is the work that the subnet sells, judging about a fifth of its cost',
    ),
  verifiedRise: fraction
    .default(0.2)
    .describe(
      'fraction of the gap that `verified` and `completion` close in a good round: trust takes about ten rounds to earn',
    ),
  verifiedFall: fraction
    .default(0.5)
    .describe(
      'fraction of the gap that they close in a bad round: more than the rise, so an outage costs more than it saves',
    ),
  refusalCost: fraction
    .default(0.25)
    .describe(
      'misses that one explicit refusal counts as: saying busy at once is better than letting a deadline pass',
    ),
  refusalAllowance: fraction
    .default(0.1)
    .describe(
      'share of a round’s challenges that may be refused at that cost; the rest count as misses, or hard questions would be refused',
    ),
  creditNats: z
    .number()
    .nonnegative()
    .default(10)
    .describe(
      'nats of surprise, summed over a round’s accepted answers, before they earn credit: a text that was not chosen with the miner’s own seed passes with probability e^-S',
    ),
  qualityHalfLife: rounds
    .default(30)
    .describe(
      'rounds of evidence after which an answer counts half: long enough to average luck, short enough to follow a changed mix of challenges',
    ),
  qualityMinimum: z
    .number()
    .positive()
    .default(8)
    .describe(
      'verified answers that a model needs before it is paid: no prior from model cards, so no evidence is no pay',
    ),
  familyHalfLife: rounds
    .default(30)
    .describe(
      'rounds of evidence after which an answer counts half for what the swarm can do in a family of tasks',
    ),
  qualityExponent: z
    .number()
    .positive()
    .default(1)
    .describe('power of quality in the score: above 1 pays cliques and luck'),
  speedExponent: z
    .number()
    .nonnegative()
    .default(0)
    .describe('q, power of speed in the score: 0 where all miners share one machine'),
  speedFloor: fraction
    .default(0.5)
    .describe('least speed against the group’s median; the most is 1, so that speed cannot buy quality'),
  speedRise: fraction.default(0.2).describe('fraction of the gap that measured speed closes in a round'),
  judgeHalfLife: rounds.default(30).describe('rounds of evidence after which a judged gold pair counts half'),
  judgePrior: z
    .number()
    .positive()
    .default(2)
    .describe(
      'gold pairs right and wrong, each, that every judge starts with (Beta prior): at chance, so an unknown judge has weight 0',
    ),
  judgePooling: z
    .number()
    .nonnegative()
    .default(64)
    .describe(
      'gold pairs at the accuracy of its voice that stand before a prompted judge’s own: judges of one model differ by luck, until many pairs say otherwise',
    ),
  favourZ: z
    .number()
    .positive()
    .default(4)
    .describe(
      'standard deviations of net preference for one hotkey on pairs of equal truth at which more of a judge’s verdicts are replayed',
    ),
  favourReplay: z
    .number()
    .min(1)
    .default(3)
    .describe('times as many of them: an alarm buys evidence, and is never a penalty by itself'),
  verdictStrikes: rounds
    .default(2)
    .describe(
      'replayed verdicts that were none of the judge’s model before it is silenced: one can be honest rounding, at 1e-4 a verdict',
    ),
  verdictWindow: rounds
    .default(30)
    .describe(
      'rounds of its own judging within which they count together, and for which it is silenced: as long as its accuracy is remembered',
    ),
  examAnswers: z
    .number()
    .int()
    .nonnegative()
    .default(8)
    .describe(
      'accepted gold answers of its own, with credit, that a hotkey gives before it is paid; 0 is no exam',
    ),
  examRight: z
    .number()
    .int()
    .nonnegative()
    .default(1)
    .describe(
      'of them right at least: an honest small model knows a quarter, so the exam asks for work and leaves ability to quality',
    ),
  examLimit: rounds
    .default(32)
    .describe(
      'gold answers by which they must have been: a model that is right in a quarter fails once in 10,000 exams',
    ),
  examVerdicts: z
    .number()
    .int()
    .nonnegative()
    .default(32)
    .describe(
      'verdicts without a mismatch before judging is paid: one in ten is replayed, so a cheat passes once in 30',
    ),
  examCooldown: rounds
    .default(10)
    .describe('rounds after a failed exam whose answers do not count, or whoever sits often enough passes'),
  penaltyRounds: rounds
    .default(10)
    .describe('rounds of score 0 after a first reject; doubles with each that follows'),
  penaltyMaxRounds: rounds.default(640).describe('longest penalty window in rounds'),
  strikeDecayRounds: rounds
    .default(100)
    .describe('clean rounds after which one reject is forgotten for the doubling'),
  evidenceWatch: z
    .number()
    .gt(0)
    .max(1)
    .default(0.5)
    .describe(
      'share of its threshold at which a sum of evidence is told, to the miner and in the log: soon enough to matter, seldom among the honest',
    ),
  oneShareAColdkey: z
    .boolean()
    .default(true)
    .describe('whether the hotkeys of one coldkey earn together at most what the best of them earns'),
  breakerShare: fraction
    .default(0.3)
    .describe(
      'share of established miners whose rejection in one round pauses penalties: more likely the validator’s fault than theirs',
    ),
  breakerCleanRounds: rounds
    .default(100)
    .describe('clean rounds that make a miner established; newcomers cannot trip the breaker'),
  breakerMinimum: rounds
    .default(3)
    .describe('established miners that a round needs before their share is read: one of two is no pattern'),
  breakerRounds: rounds
    .default(3)
    .describe('longest pause in rounds; after it every held reject is punished or dropped'),
  outlierZ: z
    .number()
    .positive()
    .default(4)
    .describe(
      'standard errors below its model’s quality at which a miner is pointed out (it is never paid less for it)',
    ),
})
export type ScoringConfig = z.infer<typeof scoringConfigSchema>

/** Defaults, for a subnet that tunes nothing. */
export const defaultScoringConfig: ScoringConfig = scoringConfigSchema.parse({})
