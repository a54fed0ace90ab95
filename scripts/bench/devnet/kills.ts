import { setTimeout as pause } from 'node:timers/promises'
import { connectChain } from '../../../shared/chain/substrate-client.ts'
import type { Random } from '../../../shared/inference/random.ts'
import { describeError } from '../../../shared/process/errors.ts'
import type { NodeTask } from './node-messages.ts'
import { startNode } from './node-process.ts'
import { type Subnet, startTraffic } from './traffic.ts'

/** Milliseconds that a node lives between two kills, at least and at most. */
const LIFE_MS = [300, 2_000] as const

/** One start of the node on what the kill before left. */
export interface Resume {
  /** Newest block that a client saw before the kill. */
  readonly seen: number
  /** Newest block of the node when it was back. */
  readonly head: number
  /** Milliseconds from starting the process until it took connections. */
  readonly startMs: number
  /** Milliseconds of that for opening the folder and making a block. */
  readonly openMs: number
  /** What was lost or changed; empty when all is well. */
  readonly problems: readonly string[]
}

/** Kills a node at random moments, with a client and traffic on it, and starts it again on the same folder. */
export async function killAndResume(
  options: {
    readonly task: NodeTask
    readonly subnet: Subnet
    readonly rate: number
    readonly kills: number
    readonly random: Random
    readonly now: () => number
  },
  onKill: (done: number) => void,
): Promise<readonly Resume[]> {
  const { task, subnet, rate, kills, random, now } = options
  const resumes: Resume[] = []
  /** Hashes of the blocks that clients saw, by number. */
  const seen = new Map<number, string>()
  let genesis: string | undefined
  for (let life = 0; life <= kills; life++) {
    const node = await startNode(task, now)
    try {
      const chain = await connectChain({ endpoint: node.ready.url })
      const before = [...seen].slice(-64)
      if (life > 0) {
        const problems = await lost(before, (number) => chain.blockHash(number))
        if (node.ready.genesisHash !== genesis) problems.push('another genesis')
        const { block: head, openMs } = node.ready
        resumes.push({ seen: before.at(-1)?.[0] ?? 0, head, startMs: node.startMs, openMs, problems })
      }
      genesis ??= node.ready.genesisHash
      chain.onBlock(({ number, hash }) => seen.set(number, hash))
      const traffic = startTraffic(chain, subnet, rate, random)
      await Promise.race([pause(LIFE_MS[0] + random() * (LIFE_MS[1] - LIFE_MS[0])), node.ended])
      await node.kill()
      await chain.close()
      await traffic.stop()
    } finally {
      await node.kill()
    }
    onKill(life)
  }
  return resumes
}

async function lost(
  seen: readonly (readonly [number, string])[],
  blockHash: (number: number) => Promise<string>,
): Promise<string[]> {
  const checks = seen.map(async ([number, hash]) => {
    try {
      const found = await blockHash(number)
      return found === hash ? [] : [`block ${number} is ${found}, was ${hash}`]
    } catch (error) {
      return [`block ${number}: ${describeError(error)}`]
    }
  })
  return (await Promise.all(checks)).flat()
}
