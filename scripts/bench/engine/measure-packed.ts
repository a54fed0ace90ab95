import type { Precision } from '../../../shared/inference/precision.ts'
import { seededRandom } from '../../../shared/inference/random.ts'
import type { Bar } from '../suite.ts'
import { type Context, type Part, withEngine } from './context.ts'
import { type DecodeWindow, decodeWindows } from './decode.ts'
import { score, scoreBar } from './measure-quality.ts'
import { perSecond } from './measure-speed.ts'

const PACKED: Precision = 'q4b32a8'
const BATCHES = [1, 16]
const MB = 1e6

interface Measured {
  readonly decode: ReadonlyMap<number, readonly DecodeWindow[]>
  readonly rss: number
}

/** The class of 4-bit weights beside float32 at the same time: speed, memory, and how well it answers. */
export async function measurePacked(context: Context): Promise<Part> {
  const bars: Bar[] = []
  const packed: Record<string, unknown> = {}
  for (const name of ['small', 'base'] as const) {
    context.report(`${name} in ${PACKED}`, 0, 1)
    const { speedFolder, trained } = context.models[name]
    const plain = await measure(context, speedFolder, 'fp32')
    const own = await measure(context, speedFolder, PACKED)
    bars.push(...speedBars(`${name}.${PACKED}`, own, plain))
    if (trained !== undefined) {
      const evaluation = await score(context, trained.folder, PACKED)
      bars.push(scoreBar(context, `${name}.${PACKED}.score`, evaluation))
    }
    packed[name] = { plain: rawOf(plain), own: rawOf(own) }
  }
  return { raw: { packed }, bars }
}

async function measure(context: Context, folder: string, precision: Precision): Promise<Measured> {
  const { sizes, seed, now } = context
  const options = {
    leastMs: sizes.decodeMs,
    leastWindows: sizes.leastWindows,
    random: seededRandom(seed),
    now,
  }
  return withEngine(
    context,
    folder,
    async (engine) => ({
      decode: await decodeWindows(engine, BATCHES, options),
      rss: (await engine.stats()).rssBytes,
    }),
    { precision },
  )
}

function speedBars(name: string, own: Measured, plain: Measured): Bar[] {
  const rates = BATCHES.map((batch) => {
    const before = perSecond(plain.decode.get(batch)!)
    return {
      name: `${name}.decode.b${batch}`,
      value: perSecond(own.decode.get(batch)!),
      unit: 'tokens/s',
      note: `${before.toFixed(0)} in fp32 right before`,
    }
  })
  const note = `${(plain.rss / MB).toFixed(0)} in fp32; process of the engine, after the above`
  return [...rates, { name: `${name}.rss`, value: own.rss / MB, unit: 'MB', note }]
}

function rawOf({ decode, rss }: Measured) {
  return { decode: Object.fromEntries(decode), rss }
}
