import { once } from 'node:events'
import { expect, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import type { Axon, AxonOptions, ConnectOptions } from '../../../shared/protocol/axon.ts'
import { AXON_PATH } from '../../../shared/protocol/axon.ts'
import { connectAxon } from '../../../shared/protocol/axon-client.ts'
import { startAxon } from '../../../shared/protocol/axon-server.ts'
import type { SignedRequest } from '../../../shared/protocol/btauth.ts'
import type { Reply, Request } from '../../../shared/protocol/messages.ts'
import type { Session } from '../../../shared/protocol/session.ts'
import { type RawPeer, rawDial, type SignedUpgrade, signedUpgrade } from '../../support/raw-peer.ts'
import { EXAMPLES, example } from '../../unit/protocol/examples.ts'

export const validator = signerFromUri('//Alice')
export const miner = signerFromUri('//Bob')
export const stranger = signerFromUri('//Charlie')

export const MODELS = [{ name: 'small', hash: new Uint8Array(32).fill(2), executionClass: 'cpu-fp32' }]

/** Answers every request with something valid of its type. */
export async function answerAll(request: Request): Promise<Reply> {
  switch (request.type) {
    case 'challenge':
      return { ...EXAMPLES.commit, id: request.id }
    case 'reveal-request':
      return { ...example('reveal'), id: request.id }
    case 'judge':
      return { ...EXAMPLES['verdict-commit'], id: request.id }
    case 'verdict-request':
      return { ...example('verdict'), id: request.id }
    case 'receipt':
      return { type: 'ack' }
    case 'dispute-open':
      return { type: 'ack' }
    case 'dispute-move':
      return { ...EXAMPLES['dispute-piece'], id: request.id }
  }
}

/** A miner's axon on a free port, closed when the test ends. */
export async function axonOf(options: Partial<AxonOptions> = {}): Promise<Axon> {
  const axon = await startAxon({
    ip: '127.0.0.1',
    port: 0,
    signer: miner,
    models: MODELS,
    authorize: () => undefined,
    handle: answerAll,
    ...options,
  })
  onTestFinished(() => axon.close())
  return axon
}

/** A validator's session with it, closed when the test ends. */
export async function sessionWith(
  axon: { readonly ip: string; readonly port: number },
  options: Partial<ConnectOptions> = {},
): Promise<Session> {
  const { ip, port } = axon
  const session = await connectAxon({ ip, port, signer: validator, hotkey: miner.address, ...options })
  onTestFinished(() => session.close())
  return session
}

/** A valid upgrade of the validator's, with changes to what is signed. */
export function upgradeOf(
  change: Partial<SignedRequest> = {},
  signer = validator,
  path = AXON_PATH,
): SignedUpgrade {
  return signedUpgrade(signer, miner.address, { sender: validator.address, ...change }, path)
}

/** A bare connection, authenticated but otherwise free to misbehave, after the offer. */
export async function rawSession(
  axon: { readonly ip: string; readonly port: number },
  upgrade = upgradeOf(),
): Promise<RawPeer> {
  const peer = await rawDial(axon, upgrade)
  onTestFinished(() => peer.socket.terminate())
  await peer.next()
  return peer
}

/** Waits until the axon has that many connections, however busy this machine is. */
export async function connectionsBecome(axon: Axon, count: number): Promise<void> {
  await expect.poll(() => axon.connections()).toBe(count)
}

/** The close code and reason that a socket ends with. */
export async function ending(socket: WebSocket): Promise<string> {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer]
  return `${code} ${reason.toString()}`
}

/** The HTTP answer to an upgrade that is refused, or 101. */
export function upgradeAnswer(
  { ip, port }: { readonly ip: string; readonly port: number },
  { target, headers }: Pick<SignedUpgrade, 'target' | 'headers'>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${ip}:${port}${target}`, { headers })
    onTestFinished(() => socket.terminate())
    socket.on('open', () => resolve('101'))
    socket.on('error', reject)
    socket.on('unexpected-response', (_request, response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk
      })
      response.on('end', () => resolve(`${response.statusCode} ${body}`))
    })
  })
}
