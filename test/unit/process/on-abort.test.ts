import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { onAbort } from '../../../shared/process/on-abort.ts'

it('calls everybody who still waits, once, from one listener', () => {
  const controller = new AbortController()
  const called: string[] = []
  const call = (name: string) => onAbort(controller.signal, () => called.push(name))
  call('first')
  const forget = call('second')
  call('third')
  forget()
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
  controller.abort()
  expect(called).toEqual(['first', 'third'])
})

it('takes one function twice, and lets each be called off alone', () => {
  const controller = new AbortController()
  let calls = 0
  const call = () => {
    calls++
  }
  onAbort(controller.signal, call)
  onAbort(controller.signal, call)()
  controller.abort()
  expect(calls).toBe(1)
})

it('keeps signals apart', () => {
  const [one, other] = [new AbortController(), new AbortController()]
  const called: string[] = []
  onAbort(one.signal, () => called.push('one'))
  onAbort(other.signal, () => called.push('other'))
  one.abort()
  expect(called).toEqual(['one'])
})
