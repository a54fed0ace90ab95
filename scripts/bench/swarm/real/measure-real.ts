import { taggedHash, u32 } from '../../../../shared/proof/hash.ts'
import { seededRandom } from '../../../../shared/proof/random.ts'
import type { SwarmContext, SwarmPart } from '../part.ts'
import { collectFields } from './collect.ts'
import { drawQuestions } from './questions.ts'
import { realBars } from './real-bars.ts'
import { FULL, QUICK } from './sample-sizes.ts'
import { type FieldFacts, summarise } from './summarise.ts'
import { ALIKE, MIXED, type RealSwarm, VARIED } from './swarms.ts'
import { trustFrom } from './trust.ts'

/** First stream of questions; every swarm has one to weigh with and one to score. */
const STREAM = 11

/** What a swarm of our models makes of real answers, beside its best member, a majority and an oracle. */
export const measureReal: SwarmPart = async (context) => {
  const sizes = context.quick ? QUICK : FULL
  const began = context.now()
  const mixed = await measureSwarm(context, MIXED, sizes.mixed, STREAM)
  const mixedSeconds = (context.now() - began) / 1_000
  const alike = await measureSwarm(context, ALIKE, sizes.alike, STREAM + 2)
  const varied = await measureSwarm(context, VARIED, sizes.varied, STREAM + 4)
  return {
    facts: { mixed, alike, varied },
    bars: realBars({ mixed, alike, varied }),
    timings: { mixedSeconds },
  }
}

/** Gold first, by which judges and miners are weighed, then questions that are scored. */
async function measureSwarm(
  context: SwarmContext,
  swarm: RealSwarm,
  count: number,
  stream: number,
): Promise<FieldFacts> {
  const { warmUp, resamples } = context.quick ? QUICK : FULL
  const questions = [
    ...drawQuestions(context.seed, stream, warmUp),
    ...drawQuestions(context.seed, stream + 1, count),
  ]
  const fields = await collectFields(context, questions, swarm)
  const gold = fields.slice(0, warmUp).map(({ field, prompted, likelihood }) => {
    return { field, judgements: [...prompted, ...likelihood] }
  })
  const random = seededRandom(taggedHash('starling/bench/bootstrap/v1', u32(context.seed)))
  return summarise(swarm, fields.slice(warmUp), trustFrom(gold), { random, resamples })
}
