/**
 * Loaded into every process of the soak beside its own program: writes what the process holds, a line each ten seconds. The heap is
 * looked at after a collection, once a minute, so that garbage is not taken for growth.
 */
import { appendFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const folder = process.env.SOAK_PROBE
const EVERY_MS = 10_000
const COLLECT_EVERY = 6

if (folder !== undefined) {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  const script = basename(process.argv[1] ?? '')
  let looks = 0
  setInterval(() => {
    const delayMs = Math.round(delay.max / 1e6)
    const isCollected = ++looks % COLLECT_EVERY === 0
    if (isCollected) collect()
    delay.reset()
    const { heapUsed, external, rss } = process.memoryUsage()
    const resources = process.getActiveResourcesInfo()
    const count = (pattern) => resources.filter((name) => pattern.test(name)).length
    const line = {
      ...{ at: Date.now(), pid: process.pid, script, rss, external, delayMs },
      ...(isCollected && { heap: heapUsed }),
      ...{ timers: count(/Timeout|Immediate/), sockets: count(/TCP|Pipe/), resources: resources.length },
    }
    appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify(line)}\n`)
  }, EVERY_MS).unref()
}
