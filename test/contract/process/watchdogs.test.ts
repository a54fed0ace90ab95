import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { startHeadWatchdog } from '../../../shared/process/health/head-watchdog.ts'
import { typescriptLoader } from '../../../shared/process/typescript-loader.ts'

const WATCHDOG = new URL('../../../shared/process/health/loop-watchdog.ts', import.meta.url)

/** Runs a few lines beside a watchdog, in a process of its own. */
async function run(lines: string, seconds: number) {
  const script = `
    import { startLoopWatchdog } from ${JSON.stringify(WATCHDOG.href)}
    const watchdog = startLoopWatchdog({ seconds: ${seconds}, lookMs: 50 })
    ${lines}`
  const child = spawn(
    process.execPath,
    [...typescriptLoader(WATCHDOG), '--input-type=module', '--eval', script],
    { cwd: join(import.meta.dirname, '../../..'), stdio: ['ignore', 'ignore', 'pipe'] },
  )
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let text = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  const [code, signal] = await once(child, 'close')
  return { code, signal, text }
}

describe('the watchdog of the event loop', () => {
  it('kills a process whose loop stands still, and says why', async () => {
    const { signal, text } = await run('setTimeout(() => { for (;;); }, 300)', 0.2)
    expect(signal).toBe('SIGKILL')
    expect(text).toContain('error LOOP_STALLED: the event loop stood still for 0.2 s')
  })

  it('keeps no finished process alive', async () => {
    expect(await run('', 30)).toMatchObject({ code: 0, signal: null, text: '' })
  })

  it('is called off', async () => {
    const lines = 'await watchdog.close(); const end = Date.now() + 2500; while (Date.now() < end);'
    expect(await run(lines, 1)).toMatchObject({ code: 0, signal: null, text: '' })
  })
})

describe('the watchdog of the newest block', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function start(ageOf: () => number) {
    const told: string[] = []
    const stop = startHeadWatchdog({
      seconds: 600,
      headAgeSeconds: ageOf,
      onStuck: ({ code }) => told.push(code),
      exit: () => told.push('exit'),
    })
    onTestFinished(stop)
    return { told, stop }
  }

  it('does nothing while blocks come', () => {
    const { told } = start(() => 600)
    vi.advanceTimersByTime(3_600_000)
    expect(told).toEqual([])
  })

  it('ends the program in good order once, and at once where that comes to no end', () => {
    let age = 0
    const { told } = start(() => age)
    age = 601
    vi.advanceTimersByTime(5_000)
    expect(told).toEqual(['CHAIN_STALLED'])
    vi.advanceTimersByTime(29_000)
    expect(told).toEqual(['CHAIN_STALLED'])
    vi.advanceTimersByTime(1_000)
    expect(told).toEqual(['CHAIN_STALLED', 'exit'])
  })

  it('lets a program that did end in good order be', () => {
    const { told, stop } = start(() => 601)
    vi.advanceTimersByTime(5_000)
    stop()
    vi.advanceTimersByTime(60_000)
    expect(told).toEqual(['CHAIN_STALLED'])
  })
})
