import type { Engine } from '../../shared/inference/engine.ts'
import { seededRandom } from '../../shared/inference/random.ts'
import { startEngine } from '../../shared/inference/start-engine.ts'
import { addRows, emptyMoments } from '../../shared/proof/sketch/moments.ts'
import { RIDGE, type Whitening, whiteningOf } from '../../shared/proof/sketch/whitening.ts'
import { encodeSimilarity, type SimilarityFile } from '../../shared/similarity/calibration.ts'
import { whiten } from '../../shared/similarity/hash-answer.ts'
import { hammingDistance, hyperplanes, simhash } from '../../shared/similarity/simhash.ts'
import { SAMPLING } from './measure.ts'
import type { Report } from './run.ts'
import { answerFields, type Field, PARTS, type Part } from './similarity-answers.ts'

export interface SimilarityOptions {
  /** Of the model that embeds. */
  readonly modelFolder: string
  /** Names and folders of the models that answer. */
  readonly answerers: ReadonlyMap<string, string>
  /** Tasks that the whitening is made from, and as many again that it is measured with. */
  readonly fields: number
  /** Answers of each model to a task. */
  readonly each: number
  readonly maxTokens: number
  readonly seed: number
  readonly threads: number
}

/** How far apart answers of one field lie, embedded in one of the ways. */
export interface PartDistances {
  readonly part: string
  /** Bits, ascending, by whether the results are equal. */
  readonly equal: readonly number[]
  readonly unequal: readonly number[]
}

export interface SimilarityRun {
  /** The file's text. */
  readonly file: string
  readonly parts: readonly PartDistances[]
  /** Of the tasks measured with: means over the fields. */
  readonly answers: number
  readonly results: number
}

/** Makes the whitening of embeddings and measures what hashes tell apart; writes nothing. */
export async function calibrateSimilarity(
  options: SimilarityOptions,
  report: Report,
): Promise<SimilarityRun> {
  const { modelFolder, answerers, fields, each, seed, threads } = options
  const random = seededRandom(seed)
  report(`${2 * fields} fields of ${each} answers of each of ${[...answerers.keys()].join(', ')}`)
  const all = await answerFields(random, [...answerers.values()], { ...options, fields: 2 * fields })
  const [made, tried] = [all.slice(0, fields), all.slice(fields)]
  const engine = await startEngine({ modelFolder, threads })
  try {
    const planes = hyperplanes((await embed(engine, made[0]!, PARTS['whole answer']!))[0]!.length)
    const parts: PartDistances[] = []
    let centred: Centred | undefined
    for (const [part, partOf] of Object.entries(PARTS)) {
      report(`embedding: ${part}`)
      centred = centre((await embedAll(engine, made, partOf)).flat())
      const { mean, whitening } = centred
      const hashes = (await embedAll(engine, tried, partOf)).map((field) =>
        field.map((embedding) => simhash(whiten(embedding, { mean, whitening }), planes)),
      )
      parts.push({ part, ...distancesOf(tried, hashes) })
    }
    const used = parts.at(-1)!
    const file = encodeSimilarity(centred!.mean, centred!.whitening, {
      model: engine.model.hash,
      made: {
        ...{ answerers: [...answerers.keys()], seed, temperature: SAMPLING.temperature },
        ...{ answers: fields * each * answerers.size, ridge: RIDGE },
      },
      measured: measuredOf(tried, used),
    })
    const results = tried.map(({ answers }) => new Set(answers.map(({ result }) => result)).size)
    return { file, parts, answers: each * answerers.size, results: mean(results) }
  } finally {
    await engine.close()
  }
}

interface Centred {
  readonly mean: Float32Array
  readonly whitening: Whitening
}

/** The mean of embeddings, and the whitening of what is left without it. */
function centre(embeddings: readonly Float32Array[]): Centred {
  const width = embeddings[0]!.length
  const sums = new Float64Array(width)
  for (const embedding of embeddings) for (let j = 0; j < width; j++) sums[j]! += embedding[j]!
  const mean = Float32Array.from(sums, (sum) => sum / embeddings.length)
  const moments = emptyMoments(width)
  for (const embedding of embeddings)
    addRows(
      moments,
      embedding.map((value, j) => value - mean[j]!),
    )
  return { mean, whitening: whiteningOf(moments) }
}

function embedAll(
  engine: Engine,
  fields: readonly Field[],
  partOf: (text: string) => Part,
): Promise<Float32Array[][]> {
  return Promise.all(fields.map((field) => embed(engine, field, partOf)))
}

function embed(
  { text, embed }: Pick<Engine, 'text' | 'embed'>,
  { task, answers }: Field,
  partOf: (text: string) => Part,
): Promise<Float32Array[]> {
  return Promise.all(
    answers.map(async (answer) => {
      const { before, embedded } = partOf(answer.text)
      const promptTokens = [...text.encodePrompt(task.prompt), ...text.encodeText(before)]
      // An answer that ends with a line break has an empty last line.
      const { embedding } = await embed({ promptTokens, tokens: text.encodeText(embedded || '\n') })
      return embedding
    }),
  )
}

function distancesOf(
  fields: readonly Field[],
  hashes: readonly (readonly Uint8Array[])[],
): Pick<PartDistances, 'equal' | 'unequal'> {
  const [equal, unequal]: [number[], number[]] = [[], []]
  for (const [f, { answers }] of fields.entries()) {
    for (let i = 0; i < answers.length; i++) {
      for (let j = i + 1; j < answers.length; j++) {
        const isEqual = answers[i]!.result === answers[j]!.result
        const distances = isEqual ? equal : unequal
        distances.push(hammingDistance(hashes[f]![i]!, hashes[f]![j]!))
      }
    }
  }
  return { equal: equal.sort((a, b) => a - b), unequal: unequal.sort((a, b) => a - b) }
}

function measuredOf(fields: readonly Field[], { equal, unequal }: PartDistances): SimilarityFile['measured'] {
  const answers = fields.reduce((sum, field) => sum + field.answers.length, 0)
  return {
    ...{ fields: fields.length, answers },
    equal: { pairs: equal.length, largest: equal.at(-1) ?? 0 },
    unequal: {
      pairs: unequal.length,
      least: unequal[0] ?? 0,
      p001: quantile(unequal, 0.001),
      p01: quantile(unequal, 0.01),
      p50: quantile(unequal, 0.5),
    },
  }
}

/** Of ascending numbers; 0 of none. */
export function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))] ?? 0
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
