import { expect, it } from 'vitest'
import { drainMiner } from '../../../miner/drain.ts'
import { createOwedReceipts } from '../../../miner/owed-receipts.ts'
import { createPending, type Pending } from '../../../miner/pending.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import type { Reply, Request } from '../../../shared/protocol/messages.ts'

const id = (n: number) => Uint8Array.of(n)
const never = new AbortController().signal
let owed = () => 0

function pendingOf(...ids: number[]): Pending<string> {
  const pending = createPending<string>(8, 60_000, systemClock)
  for (const n of ids) pending.put('v', id(n), `answer ${n}`)
  return pending
}

/** Drains while `steps` happen, one at each look. */
async function drain(pending: Pending<string>[], connections: () => number, ...steps: (() => void)[]) {
  let looks = 0
  const pause = async () => {
    const step = steps[looks++]
    if (step === undefined) throw new Error('drained longer than the steps last')
    step()
  }
  await drainMiner({ pending, owed, connections, pause, log: silentLog() }, never)
  return looks
}

it('takes nothing new at once, and waits for every reveal', async () => {
  const [answers, verdicts] = [pendingOf(1, 2), pendingOf(3)]
  const looks = await drain(
    [answers, verdicts],
    () => 1,
    () => expect([answers.isFull, verdicts.isFull]).toEqual([true, true]),
    () => answers.opened('v', id(1)),
    () => verdicts.opened('v', id(3)),
    // One that failed is nobody's any more.
    () => answers.delete('v', id(2)),
  )
  expect(looks).toBe(4)
  // Its asker may not have heard the reply.
  expect(answers.get('v', id(1))).toBe('answer 1')
})

it('goes when nobody is left who could ask', async () => {
  let connected = 1
  const looks = await drain(
    [pendingOf(1)],
    () => connected,
    () => {
      connected = 0
    },
  )
  expect(looks).toBe(1)
})

it('does not wait for what is revealed already, nor for what has expired', async () => {
  const revealed = pendingOf(1)
  revealed.opened('v', id(1))
  let now = 0
  const expired = createPending<string>(8, 1_000, { now: () => now, monotonic: () => now })
  expired.put('v', id(2), 'old')
  now = 2_000
  expect(await drain([revealed, expired], () => 1)).toBe(0)
})

it('waits for the receipt of what it revealed, as long as one may still come', async () => {
  let now = 0
  const receipts = createOwedReceipts({ now: () => now, monotonic: () => now })
  const answer = async (request: Request) =>
    (request.type === 'receipt' ? { type: 'ack' } : { type: 'reveal' }) as unknown as Reply
  const handle = receipts.watch(answer)
  const ask = (type: Request['type'], peer: string) => handle({ type } as Request, { peer, signal: never })
  await ask('reveal-request', 'one')
  await ask('reveal-request', 'other')
  owed = receipts.count
  const looks = await drain(
    [pendingOf()],
    () => 1,
    () => void ask('receipt', 'one'),
    () => expect(receipts.count()).toBe(1),
    () => {
      now = 60_000
    },
  )
  owed = () => 0
  expect(looks).toBe(3)
})

it('goes when its time is over', async () => {
  const controller = new AbortController()
  const pause = async () => controller.abort()
  const parts = { pending: [pendingOf(1)], owed: () => 0, connections: () => 1, pause, log: silentLog() }
  await drainMiner(parts, controller.signal)
  expect(controller.signal.aborted).toBe(true)
})
