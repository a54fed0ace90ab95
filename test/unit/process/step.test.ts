import { describe, expect, it } from 'vitest'
import { type After, createStep } from '../../../shared/process/step.ts'

/** A step under way, with timers that fire when they are told to. */
function underWay(isTerminal: boolean) {
  const written: string[] = []
  const timers: { ms: number; call: () => void }[] = []
  const after: After = (ms, call) => {
    const timer = { ms, call }
    timers.push(timer)
    return () => void timers.splice(timers.indexOf(timer), 1)
  }
  const step = createStep({ write: (text) => written.push(text), isTerminal }, after)
  let resolve: (value: string) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<string>((yes, no) => {
    resolve = yes
    reject = no
  })
  const done = step('connecting', () => promise)
  const pass = () => {
    const { ms, call } = timers.shift()!
    call()
    return ms
  }
  return { written, timers, done, resolve, reject, pass }
}

describe('a step', () => {
  it('says nothing where it is quick, and leaves no timer', async () => {
    const { written, timers, done, resolve } = underWay(true)
    resolve('result')
    expect(await done).toBe('result')
    expect(written).toEqual([])
    expect(timers).toEqual([])
  })

  it('is a plain line after two seconds, and every half minute', async () => {
    const { written, done, resolve, pass } = underWay(false)
    expect([pass(), pass(), pass()]).toEqual([2_000, 30_000, 30_000])
    resolve('')
    await done
    expect(written).toEqual(['connecting …\n', 'connecting … 32 s\n', 'connecting … 62 s\n'])
  })

  it('is one line on a terminal, written over and taken away, also when it fails', async () => {
    const { written, timers, done, reject, pass } = underWay(true)
    expect([pass(), pass()]).toEqual([2_000, 1_000])
    reject(new Error('no'))
    await expect(done).rejects.toThrow('no')
    const clear = '\r\x1b[2K'
    expect(written).toEqual([`${clear}connecting …`, `${clear}connecting … 3 s`, clear])
    expect(timers).toEqual([])
  })
})
