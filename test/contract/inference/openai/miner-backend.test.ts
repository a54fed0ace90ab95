import { expect, test } from 'vitest'
import { judgeFor } from '../../../../miner/judging.ts'
import { startBackend } from '../../../../miner/start-backend.ts'
import type { Log } from '../../../../shared/process/logging.ts'
import type { Judge } from '../../../../shared/protocol/messages.ts'
import { fakeChat, fakeVllm } from './fake-kinds.ts'
import { fakeServer } from './fake-server.ts'

const flags = {
  model: 'models/nano',
  device: 'cpu',
  precision: 'fp32',
  threads: 1,
  dedicated: false,
} as const

const key = new Uint8Array(32)

/** A log that keeps its warnings. */
function logged() {
  const warnings: string[] = []
  const warn = (_context: unknown, message: string) => warnings.push(message)
  return { log: { info: () => {}, warn } as unknown as Log, warnings }
}

test('a miner on a server declares the folder’s model, and says once that it earns nothing', async () => {
  const { url } = await fakeServer(fakeVllm())
  const { log, warnings } = logged()
  const backend = await startBackend({ ...flags, 'backend.url': url }, log)
  expect(backend.model).toMatchObject({ name: 'nano', executionClass: 'openai/vllm-0.11.0', level: 1 })
  expect(warnings).toEqual([expect.stringContaining('score level 2 and above')])

  const request = { prompt: 'which', answers: ['a', 'zz'], method: 'likelihood' } as unknown as Judge
  const judged = await judgeFor(backend, key)(request)
  const [first, second] = judged.method === 'likelihood' ? judged.scores : []
  // ln p of token t is −t/1000 there.
  expect(first).toBeCloseTo(-(97 + 257) / 2000, 12)
  expect(second).toBeCloseTo(-(122 + 122 + 257) / 3000, 12)
})

test('a miner on a server that scores nothing declines to judge', async () => {
  const { url } = await fakeServer(fakeChat({}))
  const backend = await startBackend({ ...flags, 'backend.url': url }, logged().log)
  for (const method of ['likelihood', 'prompted'] as const) {
    const request = { prompt: 'which', answers: ['a', 'b'], method } as unknown as Judge
    await expect(judgeFor(backend, key)(request)).rejects.toMatchObject({ code: 'CANNOT_JUDGE' })
  }
})
