import { seededRandom } from '../../../shared/inference/random.ts'
import { describeError } from '../../../shared/process/errors.ts'
import type { Bar } from '../suite.ts'
import { median } from '../timing.ts'
import { type Context, type Part, withEngine } from './context.ts'
import { type Comparison, compareInTurns, engineRunner, type Runner } from './side-by-side.ts'

export type Peer = Runner & { close(): Promise<void> }
export type OpenPeer = (name: string, options: { folder: string; threads: number }) => Promise<Peer>

const PEERS = ['transformersjs', 'llamacpp', 'bareLoop']

/** Others on the weights of `small`, in turns with our engine. One that can't be had is named, and has no bars. */
export async function measurePeers(context: Context, openPeer: OpenPeer = openInstalled): Promise<Part> {
  const { models, sizes, threads, seed, now, report } = context
  const bars: Bar[] = []
  const peers: Record<string, { b1: Comparison; c16: Comparison } | { absent: string }> = {}
  const names = sizes.peerTurns === 0 ? [] : PEERS
  for (const [index, name] of names.entries()) {
    report('peers', index, names.length)
    const folder = models.small.speedFolder
    const opened = await openPeer(name, { folder, threads }).catch((error) => ({
      absent: describeError(error),
    }))
    if ('absent' in opened) {
      peers[name] = opened
      process.stdout.write(`peer ${name} was left out: ${opened.absent}\n`)
      continue
    }
    try {
      const compared = await withEngine(context, folder, async (engine) => {
        const ours = engineRunner(engine, seededRandom(seed), now)
        return {
          b1: await compareInTurns(sizes.peerTurns, ours.b1, opened.b1),
          c16: await compareInTurns(sizes.peerTurns, ours.c16, opened.c16),
        }
      })
      peers[name] = compared
      for (const [mode, { ratio, ours, theirs }] of Object.entries(compared)) {
        const note = `ours over theirs on small: ${median(ours).toFixed(0)} over ${median(theirs).toFixed(0)} tokens/s`
        bars.push({ name: `peer.${name}.${mode}`, value: ratio, unit: 'ratio', note })
      }
    } finally {
      await opened.close()
    }
  }
  return { raw: { peers }, bars }
}

const openInstalled: OpenPeer = async (name, options) => {
  const { openPeer } = (await import(new URL('./peers/open-peer.ts', import.meta.url).href)) as {
    openPeer: OpenPeer
  }
  return openPeer(name, options)
}
