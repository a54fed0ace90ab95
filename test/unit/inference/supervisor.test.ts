import { describe, expect, test } from 'vitest'
import type { CallMessage, ChildOptions, ToChild } from '../../../shared/inference/engine/messages.ts'
import type { ChildEvents, Spawn } from '../../../shared/inference/engine/spawn.ts'
import { type Every, restartDelay, supervise } from '../../../shared/inference/engine/supervisor.ts'
import { hasCode } from '../../../shared/process/errors.ts'
import { TINY } from './tiny-model.ts'

const options: ChildOptions = {
  folder: 'models/tiny',
  model: {
    kind: 'starling',
    architecture: TINY,
    weightsFile: 'weights',
    weightsSha256: '',
    precision: 'fp32',
  },
  stopTokens: [257],
  device: 'cpu',
  threads: 1,
  dedicated: false,
  maxBatch: 1,
  maxQueue: 4,
}

/** Children that do what the test says; each life is kept with what it was sent. */
function children(onSpawn: (events: ChildEvents, life: number) => void = (events) => ready(events)) {
  const lives: { readonly events: ChildEvents; readonly sent: ToChild[]; ended: boolean }[] = []
  const spawn: Spawn = (_, events) => {
    const life = { events, sent: [] as ToChild[], ended: false }
    lives.push(life)
    setImmediate(() => onSpawn(events, lives.length - 1))
    return {
      pid: lives.length,
      send: (message) => void life.sent.push(message),
      kill: () => events.onExit('on SIGKILL'),
      async end() {
        life.ended = true
        events.onExit('at its end')
      },
    }
  }
  return { lives, spawn }
}

const ready = (events: ChildEvents) => events.onMessage({ kind: 'ready' })
const sampling = { temperature: 1, topK: 0, topP: 1 }
const request = { promptTokens: [1], maxTokens: 1, sampling, seed: new Uint8Array(32) }
const score = { promptTokens: [1], tokens: [2] }
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => (error as { code?: string }).code,
  )
const turn = () => new Promise((resolve) => setImmediate(resolve))
const quiet = { child: options, log: () => {}, now: () => 0 }

function answer(life: { events: ChildEvents; sent: ToChild[] }, logProb: number): void {
  const call = life.sent.shift() as CallMessage
  life.events.onMessage({ kind: 'result', id: call.id, result: { logProb } })
}

test('a crash rejects what was running, and later requests go to a new child', async () => {
  const { lives, spawn } = children()
  const supervisor = supervise({ ...quiet, spawn, delay: () => 0 })
  await supervisor.ready()
  const running = codeOf(supervisor.call('score', score))
  await turn()
  lives[0]!.events.onExit('on SIGKILL')
  expect(await running).toBe('ENGINE_CRASHED')
  expect(supervisor.state()).toMatchObject({ alive: false, pid: undefined })

  const after = supervisor.call('score', score)
  while (lives[1]?.sent.length !== 1) await turn()
  answer(lives[1], -3)
  expect(await after).toEqual({ logProb: -3 })
  expect(supervisor.state()).toMatchObject({ alive: true, restarts: 1, pid: 2 })
  await supervisor.close()
  expect(lives[1].ended).toBe(true)
})

test('a child that keeps ending is restarted with growing pauses, then given up', async () => {
  const { lives, spawn } = children((events, life) => {
    ready(events)
    if (life > 0) events.onExit('with code 1')
  })
  const pauses: number[] = []
  const delay = (attempt: number) => {
    pauses.push(restartDelay(attempt))
    return 0
  }
  const supervisor = supervise({ ...quiet, spawn, delay })
  await supervisor.ready()
  lives[0]!.events.onExit('with code 1')
  while (pauses.length < 6) await turn()
  for (let i = 0; i < 10; i++) await turn()
  expect(pauses).toEqual([100, 200, 400, 800, 1600, 3200])
  expect(await codeOf(supervisor.call('score', score))).toBe('ENGINE_GONE')
  expect(lives.length).toBe(7)
  await supervisor.close()
})

test('an answer ends a row of failures', async () => {
  const { lives, spawn } = children()
  const pauses: number[] = []
  const supervisor = supervise({ ...quiet, spawn, delay: (attempt) => pauses.push(attempt) * 0 })
  for (let life = 0; life < 3; life++) {
    const call = supervisor.call('score', score)
    while (lives[life]?.sent.length !== 1) await turn()
    answer(lives[life]!, -1)
    await call
    lives[life]!.events.onExit('with code 1')
  }
  expect(pauses.every((attempt) => attempt === 0)).toBe(true)
  await supervisor.close()
})

test('a first child that can not load its model says why', async () => {
  const failure = { code: 'MODEL_DAMAGED', message: 'weights do not match', remedy: 'restore' }
  const { spawn } = children((events) => {
    events.onMessage({ kind: 'unusable', failure })
    events.onExit('with code 0')
  })
  const supervisor = supervise({ ...quiet, spawn, delay: () => 0 })
  const error = await supervisor.ready().catch((reason: unknown) => reason)
  expect(hasCode(error, 'MODEL_DAMAGED')).toBe(true)
  await supervisor.close()
})

test('an abort is passed on, and a failure of one request comes back with its code', async () => {
  const { lives, spawn } = children()
  const supervisor = supervise({ ...quiet, spawn })
  const abort = new AbortController()
  const call = codeOf(supervisor.call('generate', request, { signal: abort.signal }))
  while (lives[0]?.sent.length !== 1) await turn()
  abort.abort()
  const [generate, cancel] = lives[0].sent as [CallMessage, ToChild]
  expect(cancel).toEqual({ kind: 'abort', id: generate.id })
  const failure = { code: 'REQUEST_ABORTED', message: 'aborted', remedy: undefined }
  lives[0].events.onMessage({ kind: 'failed', id: generate.id, failure })
  expect(await call).toBe('REQUEST_ABORTED')
  await supervisor.close()
})

test('tokens go to their own callers, and what a caller throws ends only its own request', async () => {
  const { lives, spawn } = children()
  const supervisor = supervise({ ...quiet, spawn })
  const told: number[][] = [[], []]
  const calls = told.map((own) =>
    supervisor.call('generate', request, { onToken: (token) => own.push(token) }),
  )
  const thrower = supervisor.call('generate', request, {
    onToken() {
      throw new Error('broken pipe')
    },
  })
  thrower.catch(() => {})
  while (lives[0]?.sent.length !== 3) await turn()
  const life = lives[0]
  const [first, second, third] = life.sent.map((message) => message.id) as [number, number, number]
  life.events.onMessage({ kind: 'pieces', ids: [second, third, first, second], tokens: [7, 8, 9, 10] })
  expect(told).toEqual([[9], [7, 10]])
  await expect(thrower).rejects.toThrow('broken pipe')
  expect(life.sent.at(-1)).toEqual({ kind: 'abort', id: third })
  // Whatever the child still says of it is nobody's business any more.
  life.events.onMessage({ kind: 'pieces', ids: [third], tokens: [11] })
  life.events.onMessage({ kind: 'result', id: third, result: { tokens: [8], finish: 'length' } })
  for (const id of [first, second]) {
    life.events.onMessage({ kind: 'result', id, result: { tokens: [id], finish: 'length' } })
  }
  expect(await Promise.all(calls)).toEqual([first, second].map((id) => ({ tokens: [id], finish: 'length' })))
  await supervisor.close()
})

describe('silence', () => {
  /** Checks are made when the test says so. */
  function watched() {
    let check = () => {}
    const every: Every = (_, callback) => {
      check = callback
      return () => {}
    }
    const logged: string[] = []
    const { lives, spawn } = children()
    const log = (message: string) => void logged.push(message)
    const supervisor = supervise({ ...quiet, spawn, log, every, delay: () => 0 })
    return { lives, supervisor, logged, check: () => check() }
  }

  test('of a whole minute ends the child, and another takes its place', async () => {
    const { lives, supervisor, logged, check } = watched()
    await supervisor.ready()
    const running = supervisor.call('score', score)
    running.catch(() => {})
    await turn()
    for (let i = 0; i < 5; i++) check()
    lives[0]!.events.onMessage({ kind: 'beat' })
    for (let i = 0; i < 5; i++) check()
    expect(logged).toEqual([])
    check()
    expect(logged).toEqual(['engine hangs', 'engine ended'])
    await expect(running).rejects.toThrow('after it made no step for too long')
    const after = supervisor.call('score', score)
    while (lives[1]?.sent.length !== 1) await turn()
    answer(lives[1], -2)
    expect(await after).toEqual({ logProb: -2 })
    await supervisor.close()
  })

  test('may last ten times longer while a model is loaded', async () => {
    const { lives, supervisor, logged, check } = watched()
    for (let i = 0; i < 59; i++) check()
    expect(logged).toEqual([])
    check()
    expect(logged).toContain('engine hangs')
    await supervisor.close()
    expect(lives.length).toBe(1)
  })
})

test('time spent waiting for a child is told, and an abort meanwhile is heard at once', async () => {
  let now = 0
  let start = () => {}
  const { lives, spawn } = children((events) => {
    start = () => ready(events)
  })
  const supervisor = supervise({ ...quiet, spawn, now: () => now })
  const abort = new AbortController()
  const aborted = codeOf(supervisor.call('generate', request, { signal: abort.signal }))
  const waiting = supervisor.call('score', score)
  await turn()
  abort.abort()
  expect(await aborted).toBe('REQUEST_ABORTED')
  now = 250
  start()
  while (lives[0]?.sent.length !== 1) await turn()
  expect(lives[0].sent[0]).toMatchObject({ kind: 'score', waitedMs: 250 })
  answer(lives[0], -1)
  await waiting
  await supervisor.close()
})

test('while there is no child, generations wait up to the queue, the rest are refused at once, and a validator’s own work waits', async () => {
  const { lives, spawn } = children((events, life) => {
    if (life === 0) ready(events)
  })
  const supervisor = supervise({ ...quiet, child: { ...options, maxQueue: 2 }, spawn, delay: () => 0 })
  await supervisor.ready()
  lives[0]!.events.onExit('on SIGKILL')
  const generations = [1, 2, 3].map(() => supervisor.call('generate', request))
  const refused = codeOf(generations[2]!)
  const scored = supervisor.call('score', score)
  expect(await refused).toBe('BUSY')
  while (lives.length < 2) await turn()
  ready(lives[1]!.events)
  while (lives[1]!.sent.length < 3) await turn()
  expect(lives[1]!.sent.map(({ kind }) => kind).sort()).toEqual(['generate', 'generate', 'score'])
  // The ones that waited count no more.
  const more = [1, 2, 3].map(() => supervisor.call('generate', request))
  while (lives[1]!.sent.length < 6) await turn()
  const all = Promise.allSettled([...generations, scored, ...more])
  await supervisor.close()
  await all
})

test('after closing, running and new requests are refused and nothing restarts', async () => {
  const { lives, spawn } = children()
  const supervisor = supervise({ ...quiet, spawn, delay: () => 0 })
  await supervisor.ready()
  const running = codeOf(supervisor.call('score', score))
  await turn()
  await supervisor.close()
  expect(await running).toBe('ENGINE_GONE')
  expect(await codeOf(supervisor.call('score', score))).toBe('ENGINE_GONE')
  await turn()
  expect(lives.length).toBe(1)
})
