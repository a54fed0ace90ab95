import { Session } from 'node:inspector/promises'

/** Kinds of work in a round, by the file that the time was spent in; the first that fits counts. */
const KINDS: readonly (readonly [string, RegExp])[] = [
  ['signatures', /wasm-crypto|^wasm:|wallet\/signer/],
  ['garbage', /^\(garbage collector\)$/],
  ['idle', /^\(idle\)$/],
  ['codec', /msgpackr|zod|protocol\/(codec|scan|fields|messages)/],
  ['sockets', /node_modules\/ws|node:(net|internal\/stream|_http|internal\/timers)|protocol\//],
  ['ranking', /consensus\/|round\/rank|ml-matrix/],
  ['similarity', /similarity\/|round\/groups/],
  ['sealing', /transcript\//],
  ['scoring', /scoring\/|store\//],
  ['proofs', /proof\/|verify\/|node:internal\/crypto|node:buffer/],
  ['tasks', /inference\//],
  ['round', /validator\//],
]

/** Seconds of the main thread by kind of work, while `work` ran. Sampled every millisecond. */
export async function profiled(work: () => Promise<void>): Promise<Record<string, number>> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 1_000 })
  await session.post('Profiler.start')
  await work()
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  const kinds = kindsOf(profile.nodes)
  const seconds: Record<string, number> = {}
  profile.samples?.forEach((node, at) => {
    const kind = kinds.get(node) ?? 'other'
    seconds[kind] = (seconds[kind] ?? 0) + Math.max(0, profile.timeDeltas![at]!) / 1e6
  })
  return Object.fromEntries(Object.entries(seconds).sort(([, a], [, b]) => b - a))
}

interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string }
  readonly children?: readonly number[] | undefined
}

/** What has no file of its own, such as a native hash, is its caller's work. */
function kindsOf(nodes: readonly ProfileNode[]): Map<number, string> {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const kindOf = (node: ProfileNode): string => {
    const { url, functionName } = node.callFrame
    const found = KINDS.find(([, pattern]) => pattern.test(url === '' ? functionName : url))
    if (found !== undefined) return found[0]
    const parent = byId.get(parents.get(node.id) ?? -1)
    return parent === undefined ? 'other' : kindOf(parent)
  }
  return new Map(nodes.map((node) => [node.id, kindOf(node)]))
}
