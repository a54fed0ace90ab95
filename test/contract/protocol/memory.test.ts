import { fork } from 'node:child_process'
import { once } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { typescriptLoader } from '../../../shared/process/typescript-loader.ts'
import { decodeReply, encodeFrame } from '../../../shared/protocol/codec.ts'
import { MESSAGE_LIMITS, SESSION_LIMITS } from '../../../shared/protocol/limits.ts'
import { worstSessionBytes } from '../../../shared/protocol/listener-memory.ts'
import { rawDial, signedUpgrade } from '../../support/raw-peer.ts'
import { example } from '../../unit/protocol/examples.ts'
import { miner } from './harness.ts'

const SESSIONS = 4
const REQUESTS = 20

it('hostile validators make an axon hold no more than the formula of docs/limits.md says', async () => {
  const entry = new URL('../../support/holding-axon.ts', import.meta.url)
  const axon = fork(entry, {
    execArgv: typescriptLoader(entry),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  onTestFinished(() => void axon.kill('SIGKILL'))
  const [{ port }] = (await once(axon, 'message')) as [{ port: number }]
  const look = async () => {
    const answer = once(axon, 'message')
    axon.send('look')
    const [facts] = (await answer) as [{ bytes: number; kept: number }]
    return facts
  }
  const idle = await look()

  // One wide character makes every other take two bytes once it is decoded.
  const text = `ł${'x'.repeat(MESSAGE_LIMITS.answerBytes - 2)}`
  const big = { ...example('judge'), answers: Array.from({ length: 7 }, () => text) }
  const frames = Array.from({ length: REQUESTS }, (_, i) => encodeFrame(i + 1, big))
  const held = Math.floor(SESSION_LIMITS.requestBytes / frames[0]!.length)
  for (let i = 0; i < SESSIONS; i++) {
    const upgrade = signedUpgrade(signerFromUri(`//hostile${i}`), miner.address, {
      sender: signerFromUri(`//hostile${i}`).address,
    })
    const peer = await rawDial({ ip: '127.0.0.1', port }, upgrade)
    onTestFinished(() => peer.socket.terminate())
    await peer.next()
    for (const frame of frames) peer.send(frame)
    // All that is not held is refused, and then it has all arrived.
    for (let refused = 0; refused < REQUESTS - held; refused++)
      expect(decodeReply(await peer.next()).body).toMatchObject({ type: 'refusal', code: 'BUSY' })
    // Most of one more frame, that never comes to its end.
    const { _socket: tcp } = peer.socket as unknown as { _socket: NodeJS.WritableStream }
    const head = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4])
    head.writeBigUInt64BE(BigInt(MESSAGE_LIMITS.frameBytes), 2)
    tcp.write(head)
    tcp.write(Buffer.alloc(MESSAGE_LIMITS.frameBytes - 1))
  }

  const full = await look()
  expect(full.kept).toBe(SESSIONS * held)
  expect(full.bytes - idle.bytes).toBeLessThan(SESSIONS * worstSessionBytes(SESSION_LIMITS))
})
