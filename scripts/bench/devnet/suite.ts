import { seededRandom } from '../../../shared/inference/random.ts'
import type { Bar, Suite } from '../suite.ts'
import { quantile } from './quantile.ts'
import { runSoak, type SoakResult, type WindowFigures } from './soak.ts'

/** Blocks in one line of figures; the bars speak of the first 1,000 and the last. */
const WINDOW = 1_000
const BLOCKS = 10_000
const KILLS = 20
const QUICK = { blocks: 500, window: 100, kills: 3 }
/** Transactions a block, on average. */
const RATE = 1 / 2

/** The devnet over many blocks: time and memory, and what kills leave. */
export const devnetSuite: Suite = {
  async run({ quick, seed, now }, report) {
    const random = seededRandom(seed)
    const size = quick ? QUICK : { blocks: BLOCKS, window: WINDOW, kills: KILLS }
    process.stdout.write(`${header()}\n`)
    const result = await runSoak({ ...size, rate: RATE, random, now }, report, (figures) =>
      process.stdout.write(`${row(figures)}\n`),
    )
    return { raw: { ...size, rate: RATE, ...result }, bars: barsOf(result, size.window) }
  },
}

function barsOf({ windows, transactions, resumes }: SoakResult, window: number): Bar[] {
  const first = windows[0]!
  const last = windows.at(-1)!
  const note = window === WINDOW ? {} : { note: `of ${window} blocks` }
  const survived = resumes.filter(({ seen, head, problems }) => head >= seen && problems.length === 0)
  return [
    { name: 'blocks', value: last.lastBlock, unit: 'blocks' },
    {
      name: 'transactions',
      value: transactions.included,
      unit: 'in blocks',
      note: `${transactions.sent} sent`,
    },
    { name: 'block.first1000.ms', value: first.medianMs, unit: 'ms', ...note },
    { name: 'block.last1000.ms', value: last.medianMs, unit: 'ms', ...note },
    { name: 'rss.first1000', value: first.rss, unit: 'MB', ...note },
    { name: 'rss.last1000', value: last.rss, unit: 'MB', ...note },
    { name: 'heap.first1000', value: first.heap, unit: 'MB', ...note },
    { name: 'heap.last1000', value: last.heap, unit: 'MB', ...note },
    { name: 'files.last1000', value: last.files, unit: 'MB' },
    {
      name: 'resume.ms',
      value: quantile(
        resumes.map(({ startMs }) => startMs),
        0.5,
      ),
      unit: 'ms',
      note: `median, from the start of the process; ${quantile(
        resumes.map(({ openMs }) => openMs),
        0.5,
      ).toFixed(0)} ms of it on the folder and a block`,
    },
    { name: 'kills.survived', value: survived.length, unit: `of ${resumes.length}`, floor: resumes.length },
  ]
}

const COLUMNS = ['block', 'median ms', 'p99 ms', 'rss MB', 'heap MB', 'files MB']

function header(): string {
  return COLUMNS.map((name) => name.padStart(10)).join(' ')
}

function row({ lastBlock, medianMs, p99Ms, rss, heap, files }: WindowFigures): string {
  const cells = [String(lastBlock), ...[medianMs, p99Ms, rss, heap, files].map((value) => value.toFixed(1))]
  return cells.map((cell) => cell.padStart(10)).join(' ')
}
