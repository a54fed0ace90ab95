import type { Socket } from 'node:net'
import { signerFromUri } from '../../../../shared/chain/wallet/dev-keys.ts'
import type { Signer } from '../../../../shared/chain/wallet/signer.ts'
import { below, pick, type Random } from '../../../../shared/inference/random.ts'
import { AXON_PATH, GATE_PATH } from '../../../../shared/protocol/axon.ts'
import { decodeReply, encodeFrame } from '../../../../shared/protocol/codec.ts'
import { closed, dialHostile, openSocket } from '../hostile/dialler.ts'
import { serveHostile } from '../hostile/listener.ts'
import type { Target } from '../hostile/target.ts'
import { makeUpgrade, upgradeBytes } from '../hostile/upgrade.ts'
import { OPCODE, webSocketFrame } from '../hostile/websocket.ts'
import { repliesOf, requestsOf } from './examples.ts'
import { MUTATIONS, seedOf } from './mutations.ts'

/** What became of connections that sent something damaged, by how they ended: a close code, `cut`, `answered`, an HTTP status. */
export type Endings = Readonly<Record<string, number>>

/** Milliseconds after which a connection that neither answers nor ends counts as `open`: a request may be valid still, or a frame unfinished. */
const PATIENCE_MS = 300

export const ATTACKER = signerFromUri('//endure//authorised')

/** A damaged frame in a record of its own, damaged records, and damaged WebSocket frames, against an axon or a gate. */
export async function fuzzListener(
  target: Target,
  where: 'axon' | 'gate',
  connections: number,
  random: Random,
  step: (done: number) => void,
): Promise<Endings> {
  const path = where === 'axon' ? AXON_PATH : GATE_PATH
  const options = {
    ip: '127.0.0.1',
    port: target.ready[where],
    path,
    signer: ATTACKER,
    receiver: target.ready.hotkey,
  }
  const endings: Record<string, number> = {}
  for (let done = 0; done < connections; done++) {
    step(done)
    const peer = await dialHostile(options)
    const answered = new Promise<string>((resolve) =>
      // An axon's own offer is no answer, and a gate asks.
      peer.onFrame((frame) => where === 'axon' && decodeReply(frame).seq > 0 && resolve('answered')),
    )
    const messages = where === 'axon' ? requestsOf(random) : repliesOf(random)
    const offer = encodeFrame(0, { type: 'offer', models: [OFFER] })
    // Half of those at the gate offer first, as they should.
    if (where === 'gate' && below(random, 2) === 0) peer.send([offer])
    const frame = damaged(
      messages.map((message) => encodeFrame(1, message)),
      random,
    )
    switch (below(random, 4)) {
      case 0: {
        const record = peer.records.seal([frame])
        const at = below(random, record.length)
        record[at] = record[at]! ^ (1 << below(random, 8))
        peer.raw(webSocketFrame(record))
        break
      }
      case 1:
        peer.raw(damagedWebSocket(peer.records.seal([frame]), random))
        break
      default:
        peer.send(below(random, 3) === 0 ? [frame, offer, frame] : [frame])
    }
    const ending = await Promise.race([peer.ended, ...(where === 'axon' ? [answered] : []), later()])
    endings[ending] = (endings[ending] ?? 0) + 1
    peer.socket.destroy()
  }
  return endings
}

const OFFER = { name: 'small', hash: new Uint8Array(32), executionClass: 'cpu-fp32' }

/** Lets the target dial a server that answers with damaged frames. */
export async function fuzzAsker(target: Target, sessions: number, random: Random): Promise<Endings> {
  const signer: Signer = signerFromUri('//endure//listener')
  const server = await serveHostile(signer, (peer, asked) => {
    if (!asked) {
      const offer = encodeFrame(0, { type: 'offer', models: [OFFER] })
      peer.send([below(random, 4) === 0 ? damaged([offer], random) : offer])
    } else
      peer.send([
        damaged(
          repliesOf(random).map((message) => encodeFrame(1, message)),
          random,
        ),
      ])
  })
  try {
    return (await target.dial(server.port, signer.address, sessions)).codes
  } finally {
    await server.close()
  }
}

/** Raw bytes in place of an upgrade: damaged requests, and no HTTP at all. */
export async function fuzzUpgrade(
  target: Target,
  sockets: number,
  random: Random,
  step: (done: number) => void,
): Promise<Endings> {
  const endings: Record<string, number> = {}
  for (let done = 0; done < sockets; done++) {
    step(done)
    const socket = await openSocket({ ip: '127.0.0.1', port: target.ready.axon })
    const key = Uint8Array.from({ length: 32 }, () => below(random, 256))
    const whole = upgradeBytes(makeUpgrade(AXON_PATH, ATTACKER, target.ready.hotkey, key))
    socket.end(damagedRequest(whole, random))
    const ending = await Promise.race([firstLine(socket), later()])
    endings[ending] = (endings[ending] ?? 0) + 1
    socket.destroy()
  }
  return endings
}

function damaged(frames: readonly Uint8Array[], random: Random): Uint8Array {
  const seeds = frames.map((frame) => seedOf(Uint8Array.from(frame)))
  return MUTATIONS[pick(random, Object.keys(MUTATIONS))]!(pick(random, seeds), random, pick(random, seeds))
}

function damagedWebSocket(payload: Uint8Array, random: Random): Buffer {
  switch (below(random, 6)) {
    case 0:
      return webSocketFrame(payload, { isMasked: false })
    case 1:
      return webSocketFrame(payload, { opcode: pick(random, [1, 3, 7, 0, 11, 15]) })
    case 2:
      return webSocketFrame(payload, { claims: pick(random, [0, 65_535, 300_000, 2 ** 31, 2 ** 52]) })
    case 3:
      return webSocketFrame(payload, { opcode: OPCODE.ping })
    case 4:
      return webSocketFrame(payload, { opcode: OPCODE.close })
    default: {
      const frame = webSocketFrame(payload)
      frame[0]! ^= 0x70 & (1 << (4 + below(random, 3)))
      return frame
    }
  }
}

function damagedRequest(whole: Buffer, random: Random): Buffer {
  const text = whole.toString('latin1')
  const lines = text.split('\r\n')
  const at = below(random, lines.length - 2)
  switch (below(random, 8)) {
    case 0:
      return whole.subarray(0, below(random, whole.length))
    case 1: {
      const out = Buffer.from(whole)
      for (let left = 1 + below(random, 6); left > 0; left--)
        out[below(random, out.length)] = below(random, 256)
      return out
    }
    case 2:
      return Buffer.from([...lines.slice(0, at), lines[at], ...lines.slice(at)].join('\r\n'), 'latin1')
    case 3:
      return Buffer.from([...lines.slice(0, at), ...lines.slice(at + 1)].join('\r\n'), 'latin1')
    case 4:
      return Buffer.from(
        lines.with(at, `${lines[at]}${'x'.repeat(below(random, 20_000))}`).join('\r\n'),
        'latin1',
      )
    case 5:
      return Buffer.from(
        text.replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n'),
        'latin1',
      )
    case 6:
      return Buffer.from(text.replaceAll('\r\n', pick(random, ['\n', '\r', '\0\r\n'])), 'latin1')
    default:
      return Buffer.from(Array.from({ length: below(random, 4_000) }, () => below(random, 256)))
  }
}

/** The status that comes, or `cut`. */
async function firstLine(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1')
  })
  await closed(socket)
  return /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 'cut'
}

function later(): Promise<'open'> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, 'open').unref())
}
