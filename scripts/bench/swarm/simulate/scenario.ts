import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { StarlingError } from '../../../../shared/process/errors.ts'
import { roundConfigSchema } from '../../../../validator/config.ts'
import { scoringConfigSchema } from '../../../../validator/scoring/config.ts'
import { strategySchema } from './strategy.ts'

const share = z.number().min(0).max(1)
const count = z.number().int().positive()

/** Miners of one kind. */
const groupSchema = z.strictObject({
  name: z.string().regex(/^[\w-]+$/, 'a name of letters, digits, _ and -'),
  count,
  /** Who declares one model shares its quality, and its voice as a judge. */
  model: z.string().min(1).default('small'),
  /** Probability that an answer is right. */
  pRight: share.default(0.7),
  /**
   * Instead of right and wrong alone: answers are worth something between these, evenly spread, where 0 is an ordinary wrong answer and 1 an
   * ordinary right one; from ½ on they are right.
   */
  quality: z
    .tuple([z.number(), z.number()])
    .refine(([low, high]) => low < high, 'the lower end comes first')
    .optional(),
  /** Probability that a verdict of its model prefers a right answer to a wrong one. */
  judgeSkill: z.number().min(0.5).lt(1).default(0.85),
  strategy: strategySchema.prefault({}),
  /** Nats of surprise of an answer: what foreign tokens pass the replay with is e to the minus that. */
  surprise: z.number().nonnegative().default(40),
  /** Its hotkeys have one generation a challenge: who makes it, and what the others do. Left out, each generates. */
  sharing: z
    .strictObject({
      /** Only the first hotkey, or whichever is asked and not punished. */
      by: z.enum(['first', 'any']).default('first'),
      others: z.enum(['copy', 'miss', 'refuse']).default('copy'),
    })
    .optional(),
  /** A coldkey for each hotkey, or one for all. */
  coldkeys: z.enum(['each', 'one']).default('each'),
  /** Round in which it registers. */
  joins: z.number().int().nonnegative().default(0),
})
export type Group = z.infer<typeof groupSchema>

/** Who takes part in a simulated swarm, and for how long. */
export const scenarioSchema = z
  .strictObject({
    groups: z.array(groupSchema).min(1),
    rounds: count.default(10),
    /** Challenges a round. */
    challenges: count.default(30),
    /** Swarms that are simulated, each with a seed of its own. */
    seeds: count.default(20),
    /** Probability that an honest verdict does not replay. */
    mismatch: share.default(1e-4),
    /** Changes to the numbers of a round and of scoring, by the names that they have in the validator's configuration. */
    round: roundConfigSchema.prefault({}),
    scoring: scoringConfigSchema.prefault({}),
    /** Module with a function `score`, read from where the scenario lies; left out, scores are the product's. */
    scorer: z.string().min(1).optional(),
  })
  .superRefine(({ groups }, context) => {
    const names = groups.map(({ name }) => name)
    const twice = names.find((name, at) => names.indexOf(name) !== at)
    if (twice !== undefined)
      context.addIssue({ code: 'custom', path: ['groups'], message: `two groups are called ${twice}` })
  })
export type Scenario = z.infer<typeof scenarioSchema>
/** As a file or a caller writes it: what has a default may be left out. */
export type ScenarioInput = z.input<typeof scenarioSchema>

/**
 * A scenario from a file; a scorer that it names is looked for beside it.
 * @throws StarlingError BENCH_SCENARIO for a file that can't be read, or says something else
 */
export async function readScenario(path: string): Promise<Scenario> {
  const problem = (what: string, cause?: unknown) =>
    new StarlingError('BENCH_SCENARIO', `${path} ${what}`, 'compare it with docs/examples/swarm', { cause })
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw problem('can’t be read', cause)
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw problem('is no JSON', cause)
  }
  const parsed = scenarioSchema.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw problem(`is no scenario: ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'malformed'}`)
  }
  const { scorer, ...scenario } = parsed.data
  return scorer === undefined ? scenario : { ...scenario, scorer: resolve(dirname(path), scorer) }
}
