import type { Architecture } from '../model/architecture.ts'
import { cacheShapes, deviceGraph, type Precision } from '../model/device-graph.ts'
import { graphWithWeights } from '../model/graph-parts.ts'
import { regroupGraph } from '../model/regroup-graph.ts'
import type { Weights } from '../model/weights.ts'
import { type DeviceFeed, type DeviceSession, openDeviceSession } from '../onnx/device-session.ts'
import type { Provider } from '../onnx/execution-class.ts'
import type { Runtime } from '../runtime.ts'
import { feedsOf } from './feeds.ts'
import {
  type DeviceSequence,
  free,
  type Group,
  holdsExactly,
  leave,
  openSequence,
  planRegroup,
} from './kv-groups.ts'

export interface DeviceRuntimeOptions {
  readonly architecture: Architecture
  readonly precision: Precision
  /** What `deviceGraph` made: its bytes, or a file where the weights lie beside it. */
  readonly model: Uint8Array | string
  readonly provider: Provider
  readonly threads: number
  readonly maxBatch: number
  /** Milliseconds, monotonic. */
  readonly now: () => number
}

/** Opens one of our models on a device, in float32. */
export function openDeviceRuntime(
  architecture: Architecture,
  weights: Weights,
  options: Pick<DeviceRuntimeOptions, 'provider' | 'threads' | 'maxBatch' | 'now'>,
): Promise<Runtime> {
  const model = deviceGraph(graphWithWeights(architecture, weights), architecture, 'fp32')
  return createDeviceRuntime({ architecture, precision: 'fp32', model, ...options })
}

/**
 * A model whose keys and values stay on the device between steps, wherever ONNX Runtime allows that. Sequences of one
 * call form one batch; when its members change, the device gathers a new batch out of the old ones.
 */
export async function createDeviceRuntime(options: DeviceRuntimeOptions): Promise<Runtime> {
  const { architecture, precision, provider, threads, maxBatch, now } = options
  const parts = Array.from({ length: architecture.layers }, (_, layer) => [
    `${layer}.key`,
    `${layer}.value`,
  ]).flat()
  const present = parts.map((part) => `present.${part}`)
  const regrouped = parts.map((part) => `out.${part}`)
  const model = await openDeviceSession(options.model, {
    provider,
    threads,
    keep: present,
    bring: ['logits', 'hidden_states'],
  })
  const regroup = await openDeviceSession(regroupGraph(architecture, precision), {
    provider,
    threads,
    keep: regrouped,
    bring: [],
  })

  const groups = new Set<Group>()
  let runMs = 0
  const run: DeviceSession['run'] = async (feeds, outputs) => {
    const start = now()
    try {
      return await model.run(feeds, outputs)
    } finally {
      runMs += now() - start
    }
  }
  const named = (prefix: string, tensors: ReadonlyMap<string, DeviceFeed>) =>
    Object.fromEntries(parts.map((part) => [`${prefix}.${part}`, tensors.get(part)!]))
  const byPart = (names: readonly string[], tensors: ReadonlyMap<string, DeviceFeed>) =>
    new Map(parts.map((part, i) => [part, tensors.get(names[i]!)!]))

  /** A group without a past: one column of zeros, which every mask hides. */
  function blank(members: readonly DeviceSequence[]): Group {
    const shapes = cacheShapes(architecture, Math.max(1, members.length))(1)
    const tensors = new Map<string, DeviceFeed>()
    for (const part of parts) {
      const shape = part.endsWith('.key') ? shapes.key : shapes.value
      const size = shape.reduce<number>((product, extent) => product * Number(extent), 1)
      const data = precision === 'fp32' ? new Float32Array(size) : new Uint16Array(size)
      tensors.set(part, { data, shape: shape as number[] })
    }
    return { members, columns: 1, tensors, live: 0 }
  }

  function move(members: readonly DeviceSequence[], group: Group): Group {
    for (const [row, member] of members.entries()) {
      leave(member)
      member.group = group
      member.row = row
    }
    group.live = members.length
    for (const known of groups) if (known.live === 0) groups.delete(known)
    groups.add(group)
    return group
  }

  async function merge(members: readonly DeviceSequence[], a: Group, b: Group): Promise<Group> {
    const { index, columns } = planRegroup(members, architecture.kvHeads, a, b)
    const shape = [members.length, architecture.kvHeads, columns]
    const feeds = { index: { data: index, shape }, ...named('a', a.tensors), ...named('b', b.tensors) }
    const { kept } = await regroup.run(feeds, regrouped)
    for (const member of members) member.columns = Array.from(member.columns, (_, i) => i)
    return move(members, { members, columns, tensors: byPart(regrouped, kept), live: 0 })
  }

  /** The group of exactly these sequences, made from those that they are in. */
  async function gather(sequences: readonly DeviceSequence[]): Promise<Group> {
    const first = sequences[0]?.group
    if (holdsExactly(first, sequences)) return first
    const [start, ...others] = new Set(sequences.flatMap(({ group }) => group ?? []))
    if (start === undefined) return move(sequences, blank(sequences))
    let current = start
    for (const [i, other] of others.entries()) {
      const isLast = i === others.length - 1
      const members = sequences.filter(
        ({ group }) => group === current || group === other || (isLast && !group),
      )
      current = await merge(members, current, other)
    }
    return holdsExactly(current, sequences) ? current : merge(sequences, current, blank([]))
  }

  async function extend(
    sequences: readonly DeviceSequence[],
    tokens: readonly (readonly number[])[],
    wantHidden: boolean,
  ) {
    const group = await gather(sequences)
    const byRow = new Map(sequences.map((sequence, i) => [sequence, tokens[i]!]))
    const chunks = group.members.map((member) => byRow.get(member)!)
    const batch = feedsOf(chunks, group)
    const rows = Int32Array.from(
      sequences,
      (sequence, i) => sequence.row * batch.padded + tokens[i]!.length - 1,
    )
    const feeds = {
      ...batch.feeds,
      rows: { data: rows, shape: [rows.length] },
      ...named('past', group.tensors),
    }
    const outputs = ['logits', ...(wantHidden ? ['hidden_states'] : []), ...present]
    const { host, kept } = await run(feeds, outputs)
    free(group.tensors.values())
    group.tensors = byPart(present, kept)
    for (const [row, member] of group.members.entries())
      for (let i = 0; i < chunks[row]!.length; i++) member.columns.push(group.columns + i)
    group.columns += batch.padded
    return { logits: host.get('logits')!, hidden: host.get('hidden_states') }
  }

  return {
    shape: {
      vocabularySize: architecture.vocabularySize,
      width: architecture.width,
      contextLength: architecture.contextLength,
      maxBatch,
    },
    async read(sequences, wantHidden) {
      const group = blank(sequences.map(openSequence))
      const { padded, feeds } = feedsOf(sequences, group)
      const rows = Int32Array.from({ length: sequences.length * padded }, (_, i) => i)
      const { host } = await run(
        { ...feeds, rows: { data: rows, shape: [rows.length] }, ...named('past', group.tensors) },
        ['logits', ...(wantHidden ? ['hidden_states'] : [])],
      )
      return { padded, logits: host.get('logits')!, hidden: host.get('hidden_states') }
    },
    open: openSequence,
    extend: (chunks, wantHidden) =>
      extend(
        chunks.map(({ sequence }) => sequence as DeviceSequence),
        chunks.map(({ tokens }) => tokens),
        wantHidden,
      ),
    step: (sequences, tokens, wantHidden) =>
      extend(
        sequences as readonly DeviceSequence[],
        tokens.map((token) => [token]),
        wantHidden,
      ),
    release: (sequence) => leave(sequence as DeviceSequence),
    runMs: () => runMs,
    async close() {
      // Device memory must not outlive the session that it came from.
      for (const { live, tensors } of groups) if (live > 0) free(tensors.values())
      await model.release()
      await regroup.release()
    },
  }
}
