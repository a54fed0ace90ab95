import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { connectAxon } from '../../../shared/protocol/axon-client.ts'
import { refusalCode } from '../../../shared/protocol/refused-error.ts'

const ASK = { timeoutMs: 60_000 }

/** The program, and its log line by line. */
function startMiner() {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/shutdown/draining-miner.ts'])
  // Programs log to stderr.
  const lines = createInterface({ input: child.stderr })[Symbol.asyncIterator]()
  const said = async (message: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done === true) throw new Error(`the miner ended, and never said “${message}”`)
      const line = JSON.parse(value)
      if (String(line.msg).startsWith(message)) return line
    }
  }
  return { child, said }
}

const challenge = () => ({
  ...({ type: 'challenge', id: randomBytes(32), round: 1, prompt: 'Say something.' } as const),
  model: new Uint8Array(32),
  sampling: { temperature: 1, topK: 0, topP: 1, maxTokens: 8 },
  deadlineMs: 60_000,
})

it('reveals after SIGTERM what it committed to before, takes nothing new, and ends well', async () => {
  const { child, said } = startMiner()
  const exit = once(child, 'exit')
  try {
    const { port, ip } = (await said('axon open')) as { port: number; ip: string }
    const signer = signerFromUri('//draining-validator')
    const { address: hotkey } = signerFromUri('//draining-miner')
    const session = await connectAxon({ ip, port, signer, hotkey })
    const first = challenge()
    const commit = await session.request(first, ASK)

    child.kill('SIGTERM')
    expect(await said('stopping: no new challenges')).toMatchObject({ commits: 1 })
    expect(await session.request(challenge(), ASK).catch(refusalCode)).toBe('BUSY')
    // A lost reply is asked for again, and costs nothing now either.
    expect(await session.request(first, ASK)).toEqual(commit)
    const beacon = randomBytes(32)
    const reveal = await session.request({ type: 'reveal-request', id: first.id, beacon }, ASK)
    expect(reveal).toMatchObject({ tokens: [1, 2, 3], text: 'abc' })

    // This validator sends no receipt, and goes.
    session.close()
    expect(await exit).toEqual([0, null])
  } finally {
    child.kill('SIGKILL')
  }
}, 240_000)

it('ends at once at a second signal, whatever is still to be revealed', async () => {
  const { child, said } = startMiner()
  const exit = once(child, 'exit')
  try {
    const { port, ip } = (await said('axon open')) as { port: number; ip: string }
    const signer = signerFromUri('//draining-validator')
    const session = await connectAxon({ ip, port, signer, hotkey: signerFromUri('//draining-miner').address })
    await session.request(challenge(), ASK)
    child.kill('SIGTERM')
    await said('stopping: no new challenges')
    child.kill('SIGTERM')
    expect(await exit).toEqual([null, 'SIGTERM'])
    session.close()
  } finally {
    child.kill('SIGKILL')
  }
}, 240_000)
