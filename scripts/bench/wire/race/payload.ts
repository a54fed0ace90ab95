import { encodeFrame } from '../../../../shared/protocol/codec.ts'
import type { Challenge, Message, Reveal } from '../../../../shared/protocol/messages.ts'

const bytes = (length: number, fill: number) => new Uint8Array(length).map((_, i) => (fill + 37 * i) % 256)

/** A challenge whose frame has this many bytes, the prompt filling it up. */
export function challengeOf(frameBytes: number): Challenge {
  return filled(frameBytes, (prompt) => ({
    type: 'challenge',
    id: bytes(32, 3),
    round: 70_000,
    prompt,
    model: bytes(32, 5),
    sampling: { temperature: 0.7, topK: 0, topP: 1, maxTokens: 128 },
    deadlineMs: 20_000,
  }))
}

/** A reveal whose frame has this many bytes, the text filling it up. */
export function revealOf(frameBytes: number): Reveal {
  return filled(frameBytes, (text) => ({
    type: 'reveal',
    id: bytes(32, 3),
    tokens: [17, 4_000, 258],
    text,
    salt: bytes(32, 7),
    openings: [],
    finish: 'stop',
    executionClass: 'cpu-fp32/ort-1.30.0',
    model: bytes(32, 5),
  }))
}

function filled<Body extends Message>(frameBytes: number, make: (text: string) => Body): Body {
  // A number as high as those of a run, which count from 1: it takes five bytes.
  const SEQ = 100_000
  const missing = (body: Body) => frameBytes - encodeFrame(SEQ, body).length
  const words = 'What is 12 + 7? Show each step, then the result. '
  const textOf = (length: number) => words.repeat(Math.ceil(length / words.length)).slice(0, length)
  const long = frameBytes - 300
  return make(textOf(long + missing(make(textOf(long)))))
}

/** The same message as JSON has it: bytes in base64. */
export function asJson(message: Message): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(message, (_key, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ),
  )
}
