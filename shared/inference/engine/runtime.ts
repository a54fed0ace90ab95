import type { Architecture } from '../model/architecture.ts'
import { decodeGraph } from '../model/decode-graph.ts'
import { prefillGraph } from '../model/prefill-graph.ts'
import type { Weights } from '../model/weights.ts'
import { openSession } from '../onnx/session.ts'
import type { KvCache } from './kv-cache.ts'

/** Row-major [batch, padded, ·] results of reading whole sequences. */
export interface PrefillBatch {
  readonly padded: number
  readonly logits: Float32Array
  readonly hidden: Float32Array | undefined
  /** `present.L.key|value`, [batch, kvHeads, padded, headWidth]; only if asked for. */
  readonly present: ReadonlyMap<string, Float32Array>
}

/** Row-major [batch, ·] results of one decode step. */
export interface DecodeStep {
  readonly logits: Float32Array
  readonly hidden: Float32Array | undefined
}

export interface PrefillWants {
  readonly hidden: boolean
  readonly cache: boolean
}

/** The two graphs of a model on this machine. Calls must not overlap. */
export interface Runtime {
  readonly architecture: Architecture
  prefill(sequences: readonly (readonly number[])[], wants: PrefillWants): Promise<PrefillBatch>
  /** Feeds one token to every slot of the cache, and appends its key and value rows. */
  decode(cache: KvCache, tokens: readonly number[], wantHidden: boolean): Promise<DecodeStep>
  close(): Promise<void>
}

/** Any weight on a masked position vanishes in the softmax: e^−10⁹ is 0 in float32. */
const MASKED = -1e9

export async function createRuntime(
  architecture: Architecture,
  weights: Weights,
  threads: number,
): Promise<Runtime> {
  const prefill = await openSession(prefillGraph(architecture, weights), threads)
  const decode = await openSession(decodeGraph(architecture, weights), threads)
  const perLayer = (prefix: string) =>
    Array.from({ length: architecture.layers }, (_, layer) => [
      `${prefix}.${layer}.key`,
      `${prefix}.${layer}.value`,
    ]).flat()
  const presentNames = perLayer('present')
  const newNames = perLayer('new')

  return {
    architecture,
    async prefill(sequences, wants) {
      const batch = sequences.length
      const padded = Math.max(...sequences.map((sequence) => sequence.length))
      const ids = new BigInt64Array(batch * padded)
      for (const [row, sequence] of sequences.entries()) {
        for (const [i, token] of sequence.entries()) ids[row * padded + i] = BigInt(token)
      }
      const lastIndex = Int32Array.from(sequences, (sequence) => sequence.length - 1)
      const results = await prefill.run(
        {
          input_ids: { data: ids, shape: [batch, padded] },
          last_index: { data: lastIndex, shape: [batch] },
          length: { data: Int32Array.of(padded), shape: [] },
        },
        ['logits', ...(wants.hidden ? ['hidden_states'] : []), ...(wants.cache ? presentNames : [])],
      )
      return {
        padded,
        logits: results.get('logits')!,
        hidden: results.get('hidden_states'),
        present: results,
      }
    },

    async decode(cache, tokens, wantHidden) {
      cache.reserveNext()
      const batch = cache.size
      const columns = cache.capacity + 1
      const bias = new Float32Array(batch * columns)
      const positions = new BigInt64Array(batch)
      for (let slot = 0; slot < batch; slot++) {
        positions[slot] = BigInt(cache.length(slot))
        // The last column is the new token itself, which every slot may see.
        bias.fill(MASKED, slot * columns + cache.length(slot), (slot + 1) * columns - 1)
      }
      const results = await decode.run(
        {
          input_ids: { data: BigInt64Array.from(tokens, BigInt), shape: [batch, 1] },
          position_ids: { data: positions, shape: [batch, 1] },
          attention_bias: { data: bias, shape: [batch, 1, 1, columns] },
          ...cache.feeds(),
        },
        ['logits', ...(wantHidden ? ['hidden_states'] : []), ...newNames],
      )
      cache.append(results)
      return { logits: results.get('logits')!, hidden: results.get('hidden_states') }
    },

    async close() {
      await prefill.release()
      await decode.release()
    },
  }
}
