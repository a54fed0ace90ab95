import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectChain } from '../../../shared/chain/substrate-client.ts'
import type { Random } from '../../../shared/inference/random.ts'
import { killAndResume, type Resume } from './kills.ts'
import type { NodeWindow } from './node-messages.ts'
import { startNode } from './node-process.ts'
import { quantile } from './quantile.ts'
import { createSubnet, type Subnet, startTraffic } from './traffic.ts'

export interface SoakOptions {
  /** Blocks with traffic in one life of the node. */
  readonly blocks: number
  /** Blocks that one line of figures is about. */
  readonly window: number
  /** Transactions a block, on average. */
  readonly rate: number
  /** Kills after that. */
  readonly kills: number
  readonly random: Random
  /** Milliseconds from any fixed moment. */
  readonly now: () => number
}

/** Figures of one window of blocks. */
export interface WindowFigures {
  readonly lastBlock: number
  /** Milliseconds a block. */
  readonly medianMs: number
  readonly p99Ms: number
  /** MB of the process: the median of what was seen. */
  readonly rss: number
  /** MB on the main thread's heap, after a garbage collection. */
  readonly heap: number
  /** MB of the files. */
  readonly files: number
}

export interface SoakResult {
  readonly windows: readonly WindowFigures[]
  readonly transactions: {
    readonly sent: number
    readonly included: number
    readonly refused: Record<string, number>
  }
  readonly resumes: readonly Resume[]
}

const MB = 1e6

/**
 * Runs a devnet of the shipped runtime in a process of its own, with a subnet and traffic, making blocks without a rest;
 * then kills it again and again. `report` hears how far it is, `onWindow` of each window.
 */
export async function runSoak(
  options: SoakOptions,
  report: (what: string, done: number, total: number) => void,
  onWindow: (figures: WindowFigures) => void = () => {},
): Promise<SoakResult> {
  const { kills, rate, random, now } = options
  const folder = await mkdtemp(join(tmpdir(), 'starling-soak-'))
  try {
    const { windows, subnet, transactions } = await runThrough(folder, options, report, onWindow)
    const task = { folder, window: options.window }
    const resumes = await killAndResume({ task, subnet, rate, kills, random, now }, (done) =>
      report('kills', done, kills),
    )
    return { windows, transactions, resumes }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function runThrough(
  folder: string,
  { blocks, window, rate, random, now }: SoakOptions,
  report: (what: string, done: number, total: number) => void,
  onWindow: (figures: WindowFigures) => void,
): Promise<Pick<SoakResult, 'windows' | 'transactions'> & { subnet: Subnet }> {
  const windows: WindowFigures[] = []
  let finish = () => {}
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const node = await startNode({ folder, window }, now, (one) => {
    windows.push(figuresOf(one))
    onWindow(figuresOf(one))
    if (windows.length * window >= blocks) finish()
  })
  try {
    const chain = await connectChain({ endpoint: node.ready.url })
    chain.onBlock(({ number }) => report('blocks', number, blocks))
    const subnet = await createSubnet(chain)
    const traffic = startTraffic(chain, subnet, rate, random)
    await Promise.race([finished, node.ended])
    await traffic.stop()
    await chain.close()
    const { sent, included, refused } = traffic.tally
    return { windows, subnet, transactions: { sent, included, refused: Object.fromEntries(refused) } }
  } finally {
    await node.kill()
  }
}

function figuresOf({ lastBlock, blockMs, rss, heap, files }: NodeWindow): WindowFigures {
  return {
    lastBlock,
    medianMs: quantile(blockMs, 0.5),
    p99Ms: quantile(blockMs, 0.99),
    rss: quantile(rss, 0.5) / MB,
    heap: heap / MB,
    files: files / MB,
  }
}
