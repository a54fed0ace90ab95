import { mkdtemp } from 'node:fs/promises'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Answerer } from '../../../miner/answerer.ts'
import { buyAnswers, sellAnswers } from '../../../scripts/demo/answer-market.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import type { Challenge } from '../../../shared/protocol/messages.ts'

const challenge: Challenge = {
  type: 'challenge',
  id: new Uint8Array(32).fill(1),
  round: 3,
  prompt: 'what now',
  model: new Uint8Array(32).fill(2),
  sampling: { temperature: 1, topK: 0, topP: 1, maxTokens: 8 },
  deadlineMs: 60_000,
}
const answer = { tokens: [104, 105, 257], text: 'hi', finish: 'stop' as const }

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function buyFrom(seller: Answerer): Promise<Answerer> {
  const socket = join(await mkdtemp(join(tmpdir(), 'starling-market-')), 'market.sock')
  servers.push(sellAnswers(socket, seller))
  return buyAnswers(socket)
}

const { signal } = new AbortController()

test('a bought answer is the one that was sold, to the challenge that was asked', async () => {
  const asked: Challenge[] = []
  const buy = await buyFrom((sold) => {
    asked.push(sold)
    return Promise.resolve(answer)
  })
  expect(await buy(challenge, signal)).toEqual(answer)
  expect(asked).toEqual([challenge])
})

test('a seller without an answer is one refused challenge, not the end of the copycat', async () => {
  const buy = await buyFrom(() => Promise.reject(new StarlingError('BUSY', 'too much to do')))
  await expect(buy(challenge, signal)).rejects.toMatchObject({ code: 'BUSY' })
})
