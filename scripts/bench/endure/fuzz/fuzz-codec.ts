import { below, pick, type Random } from '../../../../shared/inference/random.ts'
import { hasCode } from '../../../../shared/process/errors.ts'
import { decodeReply, decodeRequest, encodeFrame } from '../../../../shared/protocol/codec.ts'
import type { Message } from '../../../../shared/protocol/messages.ts'
import { repliesOf, requestsOf } from './examples.ts'
import { MUTATIONS, type Seed, seedOf } from './mutations.ts'

/** What became of damaged frames. */
export interface CodecFuzz {
  readonly frames: number
  /** Were damaged, and still are valid: what they mean is looked at by nobody here. */
  readonly accepted: number
  /** Refusals, by the kind of damage. */
  readonly refused: Readonly<Record<string, number>>
  /** Anything but a frame or MALFORMED_FRAME, with what threw it; must be empty. */
  readonly uncoded: readonly string[]
  /** Accepted frames that are not the same once encoded and decoded again; must be empty. */
  readonly unstable: readonly string[]
  /** Milliseconds of the slowest frame, and which damage that was. */
  readonly slowest: { readonly ms: number; readonly by: string; readonly bytes: number }
}

/** Frames of one kind of example before they are drawn anew. */
const FRESH_EVERY = 500

interface Side {
  readonly seeds: readonly Seed[]
  readonly decode: (frame: Uint8Array) => { readonly seq: number; readonly body: Message }
}

/** Damages frames and decodes them, one by one; `step` is called now and then, and may wait. */
export async function fuzzCodec(
  frames: number,
  random: Random,
  now: () => number,
  step: (done: number) => Promise<void> | void,
): Promise<CodecFuzz> {
  const names = Object.keys(MUTATIONS)
  const refused: Record<string, number> = Object.fromEntries(names.map((name) => [name, 0]))
  const [uncoded, unstable]: [string[], string[]] = [[], []]
  let accepted = 0
  let slowest = { ms: 0, by: '', bytes: 0 }
  let sides: readonly Side[] = []
  for (let done = 0; done < frames; done++) {
    if (done % FRESH_EVERY === 0) {
      sides = drawSides(random)
      await step(done)
    }
    const { seeds, decode } = pick(random, sides)
    const by = names[done % names.length]!
    let frame = MUTATIONS[by]!(pick(random, seeds), random, pick(random, seeds))
    // Now and then another one on top, where the first left the frame readable.
    if (below(random, 4) === 0)
      frame = MUTATIONS['bit flips']!({ frame: nonEmpty(frame), tokens: [] }, random, seeds[0]!)
    const began = now()
    try {
      const { seq, body } = decode(frame)
      accepted++
      const again = decode(encodeFrame(seq, body))
      if (!Buffer.from(encodeFrame(again.seq, again.body)).equals(encodeFrame(seq, body)))
        unstable.push(hex(by, frame))
    } catch (error) {
      refused[by]!++
      if (!hasCode(error, 'MALFORMED_FRAME')) uncoded.push(`${hex(by, frame)}: ${error}`)
    }
    let ms = now() - began
    // Another program may have had the core meanwhile: what is slow by itself is slow again.
    for (let tries = 0; tries < 3 && ms > slowest.ms; tries++)
      ms = Math.min(
        ms,
        timed(now, () => decode(frame)),
      )
    if (ms > slowest.ms) slowest = { ms, by, bytes: frame.length }
  }
  return { frames, accepted, refused, uncoded, unstable, slowest }
}

function timed(now: () => number, act: () => unknown): number {
  const began = now()
  try {
    act()
  } catch {
    // It was refused before.
  }
  return now() - began
}

function drawSides(random: Random): Side[] {
  const seeds = (messages: readonly Message[]) =>
    messages.map((message) => seedOf(Uint8Array.from(encodeFrame(1 + below(random, 1_000), message))))
  return [
    { seeds: seeds(requestsOf(random)), decode: decodeRequest },
    { seeds: seeds(repliesOf(random)), decode: decodeReply },
  ]
}

function nonEmpty(frame: Uint8Array): Uint8Array {
  return frame.length === 0 ? Uint8Array.of(0x80) : frame
}

/** What it takes to look at a frame again. */
function hex(by: string, frame: Uint8Array): string {
  return `${by} ${Buffer.from(frame.subarray(0, 2_000)).toString('hex')}`
}
