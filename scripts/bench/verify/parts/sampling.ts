import { engineAnswerer } from '../../../../miner/answerer.ts'
import type { SamplingParams } from '../../../../shared/inference/sampler.ts'
import { delayedRow, runAttack } from '../attack.ts'
import { miner, otherMiner } from '../audit-answers.ts'
import { cutShort, editedCopy, withSampling } from '../cheats/answerers.ts'
import { benchConfig, type Context, inEachClass } from '../context.ts'
import type { AttackRow, PartResult } from '../results.ts'
import type { SampleSizes } from '../sample-sizes.ts'

/** Sampled otherwise than declared, under the right seed. */
interface OtherSampling {
  readonly name: string
  readonly size: keyof Pick<SampleSizes, 'wrongSeed' | 'sampling' | 'otherSampling'>
  /** What the challenge asks for, where it is not temperature 1 and all tokens. */
  readonly declared?: Partial<SamplingParams>
  readonly served: Partial<SamplingParams>
}

const OTHERS: readonly OtherSampling[] = [
  { name: 'greedy for T = 1', size: 'otherSampling', served: { temperature: 0 } },
  { name: 'T × 1.3', size: 'sampling', served: { temperature: 1.3 } },
  { name: 'T × 0.7', size: 'sampling', served: { temperature: 0.7 } },
  { name: 'T × 1.1', size: 'otherSampling', served: { temperature: 1.1 } },
  { name: 'top-k 8 for 64', size: 'otherSampling', declared: { topK: 64 }, served: { topK: 8 } },
  { name: 'top-p 0.9 for 0.95', size: 'otherSampling', declared: { topP: 0.95 }, served: { topP: 0.9 } },
  { name: 'top-p 0.95 for 1', size: 'otherSampling', served: { topP: 0.95 } },
]

/** The declared model, but tokens that were not chosen as asked: only margins can tell. */
export async function measureSampling(context: Context): Promise<PartResult> {
  const { sizes } = context
  const rows = await inEachClass(context, async (session) => {
    const {
      honest: prover,
      calibration: { whitening },
    } = session
    const honest = engineAnswerer(prover, miner.publicKey, whitening)
    const another = engineAnswerer(prover, otherMiner.publicKey, whitening)
    const rows: AttackRow[] = []
    const serve = async (name: string, count: number, answerer: typeof honest, config = benchConfig()) => {
      const trials = await runAttack(context, session, { name, count, answerer, config })
      rows.push(await delayedRow(session, name, trials, config))
    }
    // Random numbers of one's own and another miner's answer are the same to a validator: another seed chose the tokens.
    await serve('wrong seed, or exact copy', sizes.wrongSeed, another)
    await serve('edited copy', sizes.otherSampling, editedCopy(another, prover, whitening))
    await serve('answer cut short', sizes.otherSampling, cutShort(honest, prover))
    for (const { name, size, declared = {}, served } of OTHERS) {
      await serve(
        name,
        sizes[size],
        withSampling(honest, () => served),
        benchConfig(declared),
      )
    }
    return rows
  })
  return { rows }
}
