import type { Architecture } from '../../../shared/inference/model/architecture.ts'
import type { Batch } from '../../../shared/inference/training/batch.ts'

type Numbers = ArrayLike<number>
type Rows = number[][]

/** The model once more, in double precision and plain loops: what the graphs are measured against. */
export function referenceLogits(
  architecture: Architecture,
  weights: ReadonlyMap<string, Numbers>,
  tokens: readonly number[],
): Rows {
  const { width, layers, feedForward, vocabularySize } = architecture
  const tensor = (name: string) => weights.get(name)!
  const embedding = tensor('embedding')
  let stream: Rows = tokens.map((token) =>
    Array.from({ length: width }, (_, i) => embedding[token * width + i]!),
  )
  const block = (input: Rows, scale: string, inner: (normed: Rows) => Rows) => {
    const update = inner(norm(input, tensor(scale), architecture.normEpsilon))
    return input.map((row, t) => row.map((value, i) => value + update[t]![i]!))
  }
  for (let layer = 0; layer < layers; layer++) {
    const name = `layer${layer}`
    stream = block(stream, `${name}.attentionNorm`, (x) =>
      multiply(
        attend(architecture, multiply(x, tensor(`${name}.queryKeyValue`))),
        tensor(`${name}.attentionOutput`),
      ),
    )
    stream = block(stream, `${name}.feedForwardNorm`, (x) => {
      const both = multiply(x, tensor(`${name}.gateUp`))
      const inner = both.map((row) =>
        Array.from(
          { length: feedForward },
          (_, i) => (row[i]! / (1 + Math.exp(-row[i]!))) * row[feedForward + i]!,
        ),
      )
      return multiply(inner, tensor(`${name}.down`))
    })
  }
  const hidden = norm(stream, tensor('finalNorm'), architecture.normEpsilon)
  return hidden.map((row) =>
    Array.from({ length: vocabularySize }, (_, token) =>
      row.reduce((sum, value, i) => sum + value * embedding[token * width + i]!, 0),
    ),
  )
}

/** Weighted mean cross-entropy of a batch, nats a token; every document is read as if it stood alone. */
export function referenceLoss(
  architecture: Architecture,
  weights: ReadonlyMap<string, Numbers>,
  batch: Batch,
  sequence: number,
): number {
  let loss = 0
  let total = 0
  const { inputs, documents } = batch
  for (let start = 0, end = 0; start < inputs.length; start = end) {
    const rowEnd = start - (start % sequence) + sequence
    while (end < rowEnd && documents[end] === documents[start]) end++
    const tokens = Array.from(inputs.subarray(start, end), Number)
    for (const [t, row] of referenceLogits(architecture, weights, tokens).entries()) {
      const weight = batch.weights[start + t]!
      const mass = row.reduce((sum, logit) => sum + Math.exp(logit), 0)
      loss -= weight * (row[Number(batch.targets[start + t])]! - Math.log(mass))
      total += weight
    }
  }
  return loss / total
}

function norm(rows: Rows, scale: Numbers, epsilon: number): Rows {
  return rows.map((row) => {
    const meanSquare = row.reduce((sum, value) => sum + value * value, 0) / row.length
    return row.map((value, i) => (value / Math.sqrt(meanSquare + epsilon)) * scale[i]!)
  })
}

function multiply(rows: Rows, matrix: Numbers): Rows {
  const columns = matrix.length / rows[0]!.length
  return rows.map((row) =>
    Array.from({ length: columns }, (_, j) =>
      row.reduce((sum, value, i) => sum + value * matrix[i * columns + j]!, 0),
    ),
  )
}

function attend({ width, heads, kvHeads, ropeBase }: Architecture, rows: Rows): Rows {
  const size = width / heads
  const head = (row: number[], index: number) => row.slice(index * size, (index + 1) * size)
  const rotated = (values: number[], position: number) =>
    values.map((value, i) => {
      const pair = i % (size / 2)
      const angle = position * ropeBase ** ((-2 * pair) / size)
      const other = i < size / 2 ? -values[i + size / 2]! : values[i - size / 2]!
      return value * Math.cos(angle) + other * Math.sin(angle)
    })
  return rows.map((row, t) =>
    Array.from({ length: heads }, (_, h) => {
      const kv = Math.floor(h / (heads / kvHeads))
      const query = rotated(head(row, h), t)
      const scores = rows.slice(0, t + 1).map((past, s) => {
        const key = rotated(head(past, heads + kv), s)
        return key.reduce((sum, value, i) => sum + value * query[i]!, 0) / Math.sqrt(size)
      })
      const mass = scores.reduce((sum, score) => sum + Math.exp(score), 0)
      return Array.from({ length: size }, (_, i) =>
        scores.reduce(
          (sum, score, s) => sum + (Math.exp(score) / mass) * head(rows[s]!, heads + kvHeads + kv)[i]!,
          0,
        ),
      )
    }).flat(),
  )
}
