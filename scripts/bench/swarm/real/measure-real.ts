import { taggedHash, u32 } from '../../../../shared/proof/hash.ts'
import { seededRandom } from '../../../../shared/proof/random.ts'
import type { SwarmContext, SwarmPart } from '../part.ts'
import { type CollectedField, collectFields } from './collect.ts'
import { hashFields } from './hashes.ts'
import { drawAsRounds, drawQuestions, type Question } from './questions.ts'
import { realBars } from './real-bars.ts'
import { FULL, QUICK } from './sample-sizes.ts'
import { type FieldFacts, summarise } from './summarise.ts'
import { ALIKE, MIXED, type RealSwarm, VARIED } from './swarms.ts'
import { trustFrom } from './trust.ts'

/** First stream of questions; every measurement takes one to weigh with and one to score. */
const STREAM = 71

/** What a swarm of our models makes of real answers, beside its best member, a majority and an oracle. */
export const measureReal: SwarmPart = async (context) => {
  const sizes = context.quick ? QUICK : FULL
  const seconds: Record<string, number> = {}
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const began = context.now()
    const result = await work()
    seconds[name] = (context.now() - began) / 1_000
    return result
  }
  const gold = (stream: number) => drawQuestions(context.seed, stream, sizes.warmUp)
  const warm = await timed('gold', () => collectFields(context, gold(STREAM), MIXED))
  const asked = drawAsRounds(context.seed, STREAM + 1, sizes.mixed, abilitiesFrom(warm))
  const plain = drawQuestions(context.seed, STREAM + 2, sizes.plain)
  // Together, so that no engine starts twice.
  const scored = await timed('mixedAndPlain', () => collectFields(context, [...asked, ...plain], MIXED))
  const facts = {
    mixed: await summarised(context, MIXED, warm, scored.slice(0, asked.length)),
    plain: await summarised(context, MIXED, warm, scored.slice(asked.length)),
    alike: await timed('alike', () =>
      measureSwarm(context, ALIKE, gold(STREAM + 3), drawQuestions(context.seed, STREAM + 4, sizes.alike)),
    ),
    varied: await timed('varied', () =>
      measureSwarm(context, VARIED, gold(STREAM + 5), drawQuestions(context.seed, STREAM + 6, sizes.varied)),
    ),
  }
  return { facts, bars: realBars(facts), timings: { seconds } }
}

async function measureSwarm(
  context: SwarmContext,
  swarm: RealSwarm,
  gold: readonly Question[],
  scored: readonly Question[],
): Promise<FieldFacts> {
  const fields = await collectFields(context, [...gold, ...scored], swarm)
  const [before, after] = [fields.slice(0, gold.length), fields.slice(gold.length)]
  return summarised(context, swarm, before, after)
}

/** Judges and miners are weighed by what they did with gold before; nothing of a scored field weighs anybody. */
async function summarised(
  context: SwarmContext,
  swarm: RealSwarm,
  gold: readonly CollectedField[],
  scored: readonly CollectedField[],
): Promise<FieldFacts> {
  const { hashes } = await hashFields(
    context,
    scored.map(({ field }) => field),
  )
  const trusted = trustFrom(
    gold.map(({ field, prompted, likelihood }) => ({ field, judgements: [...prompted, ...likelihood] })),
  )
  const random = seededRandom(taggedHash('starling/bench/bootstrap/v1', u32(context.seed)))
  const { resamples } = context.quick ? QUICK : FULL
  return summarise(
    swarm,
    scored.map((collected, f) => ({ ...collected, hashes: hashes[f]! })),
    trusted,
    { random, resamples },
  )
}

/** Share of right answers by family; a half where none was asked. */
function abilitiesFrom(fields: readonly CollectedField[]): (family: string) => number {
  return (family) => {
    const answers = fields.flatMap(({ field }) =>
      field.question.task.family === family ? field.answers : [],
    )
    const right = answers.filter(({ isRight }) => isRight).length
    return (right + 1) / (answers.length + 2)
  }
}
