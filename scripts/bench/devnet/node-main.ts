/** The process under measurement: a devnet that makes blocks without a rest, and tells of itself over IPC. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { startDevnet } from '../../../shared/chain/devnet/devnet.ts'
import type { NodeMessage, NodeTask } from './node-messages.ts'

/** Blocks between two looks at the memory. */
const LOOK_BLOCKS = 25

const { folder, window }: NodeTask = JSON.parse(process.argv[2] ?? '')
const tell = (message: NodeMessage) => process.send?.(message)

let blockMs: number[] = []
let rss: number[] = []
let last = performance.now()
const started = last

const devnet = await startDevnet({
  port: 0,
  dataDir: folder,
  blockMs: 0,
  onBlock({ number }) {
    const now = performance.now()
    blockMs.push(now - last)
    last = now
    if (number % LOOK_BLOCKS === 0) rss.push(process.memoryUsage.rss())
    if (blockMs.length === window) void endWindow(number)
  },
  onFailure(error) {
    throw error
  },
})
const openMs = performance.now() - started
// The first block is part of opening.
blockMs = []
const { url, genesisHash } = devnet
tell({ type: 'ready', url, genesisHash, block: devnet.head().number, openMs })

async function endWindow(lastBlock: number): Promise<void> {
  const measured = { blockMs, rss }
  blockMs = []
  rss = []
  global.gc?.()
  const heap = process.memoryUsage().heapUsed
  tell({ type: 'window', lastBlock, ...measured, heap, files: await sizeOf(folder) })
  // What measuring took is no block time.
  last = performance.now()
}

async function sizeOf(directory: string): Promise<number> {
  const sizes = (await readdir(directory)).map(async (name) => {
    // A file may go away between the two calls.
    const found = await stat(join(directory, name)).catch(() => undefined)
    return found?.size ?? 0
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
