import { once } from 'node:events'
import { expect, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import type { Axon, AxonOptions, ConnectOptions } from '../../../shared/protocol/axon.ts'
import { AXON_PATH } from '../../../shared/protocol/axon.ts'
import { connectAxon } from '../../../shared/protocol/axon-client.ts'
import { startAxon } from '../../../shared/protocol/axon-server.ts'
import { authHeaders, nextNonce, type SignedRequest, signedBytes } from '../../../shared/protocol/btauth.ts'
import type { Reply, Request } from '../../../shared/protocol/messages.ts'
import type { Session } from '../../../shared/protocol/session.ts'
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

/** Headers of a valid upgrade, with changes to what is signed. */
export function upgradeHeaders(
  change: Partial<SignedRequest> = {},
  signer = validator,
): Record<string, string> {
  const request: SignedRequest = {
    scheme: 'sr25519',
    method: 'GET',
    target: AXON_PATH,
    body: new Uint8Array(0),
    nonce: nextNonce(Date.now()),
    sender: validator.address,
    receiver: miner.address,
    ...change,
  }
  return authHeaders(signer, signedBytes(request), request)
}

/** A bare socket, authenticated but otherwise free to misbehave, and the axon's hello. */
export async function rawSocketAndHello(
  axon: Axon,
  headers = upgradeHeaders(),
): Promise<[WebSocket, Buffer]> {
  const socket = new WebSocket(`ws://${axon.ip}:${axon.port}${AXON_PATH}`, { headers })
  onTestFinished(() => socket.terminate())
  socket.on('error', () => {})
  const [hello] = (await once(socket, 'message')) as [Buffer]
  return [socket, hello]
}

/** Such a socket after the hello. */
export async function rawSocket(axon: Axon, headers = upgradeHeaders()): Promise<WebSocket> {
  const [socket] = await rawSocketAndHello(axon, headers)
  return socket
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
  axon: Axon,
  headers: Record<string, string>,
  path = AXON_PATH,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${axon.ip}:${axon.port}${path}`, { headers })
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
