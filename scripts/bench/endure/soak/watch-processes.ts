import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Look } from './slope.ts'

/** What one process held over its life, by what is measured. */
export interface ProcessLooks {
  readonly pid: number
  readonly name: string
  readonly looks: Readonly<Record<Measure, readonly Look[]>>
}

export const MEASURES = ['rss', 'heap', 'external', 'descriptors', 'timers', 'sockets'] as const
export type Measure = (typeof MEASURES)[number]

const EVERY_MS = 10_000
const MB = 1e6

/** Looks at open files every ten seconds, from outside; what only a process knows of itself, its probe writes. */
export function watchDescriptors(pids: () => ReadonlyMap<number, string>): {
  stop(): ReadonlyMap<number, { readonly name: string; readonly looks: readonly Look[] }>
} {
  const found = new Map<number, { name: string; looks: Look[] }>()
  const look = async (): Promise<void> => {
    for (const [pid, name] of pids()) {
      const entries = await readdir(`/proc/${pid}/fd`).catch(() => undefined)
      if (entries === undefined) continue
      const series = found.get(pid) ?? { name, looks: [] }
      found.set(pid, series)
      series.looks.push([Date.now(), entries.length])
    }
  }
  const timer = setInterval(() => void look(), EVERY_MS)
  return {
    stop() {
      clearInterval(timer)
      return found
    },
  }
}

interface ProbeLine {
  readonly at: number
  readonly rss: number
  readonly external: number
  readonly heap?: number
  readonly timers: number
  readonly sockets: number
  readonly delayMs: number
}

/** Puts together what the probes wrote and what was seen from outside. Memory in MB. */
export async function readLooks(
  probeFolder: string,
  descriptors: ReturnType<ReturnType<typeof watchDescriptors>['stop']>,
): Promise<readonly (ProcessLooks & { readonly delays: readonly Look[] })[]> {
  return Promise.all(
    [...descriptors].map(async ([pid, { name, looks }]) => {
      const text = await readFile(join(probeFolder, `${pid}.jsonl`), 'utf8').catch(() => '')
      // A killed process may have been in the middle of a line.
      const lines = text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as ProbeLine)
      const series = (of: (line: ProbeLine) => number | undefined): readonly Look[] =>
        lines.flatMap((line): Look[] => {
          const value = of(line)
          return value === undefined ? [] : [[line.at, value]]
        })
      return {
        ...{ pid, name, delays: series(({ delayMs }) => delayMs) },
        looks: {
          rss: series(({ rss }) => rss / MB),
          heap: series(({ heap }) => (heap === undefined ? undefined : heap / MB)),
          external: series(({ external }) => external / MB),
          timers: series(({ timers }) => timers),
          sockets: series(({ sockets }) => sockets),
          descriptors: looks,
        },
      }
    }),
  )
}
