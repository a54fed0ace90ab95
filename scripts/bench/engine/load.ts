import { setTimeout as pause } from 'node:timers/promises'
import type { Engine } from '../../../shared/inference/engine.ts'
import { below, type Random } from '../../../shared/inference/random.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { keepInFlight } from './in-flight.ts'
import { drawRequest } from './requests.ts'

/** A request of the load, and when it comes. */
export interface Arrival {
  /** Milliseconds from the start. */
  readonly atMs: number
  readonly promptTokens: number
  readonly newTokens: number
}

/** What became of one arrival. */
export interface Served {
  /** From the arrival to the first piece of the answer; undefined where the request was refused. */
  readonly firstMs: number | undefined
  /** Milliseconds for each token after the first piece. */
  readonly gapsMs: readonly number[]
  readonly tokens: number
  /** Of the error, where the request was refused. */
  readonly code?: string
}

export type Server = Pick<Engine, 'generate'>

const drawSize = (random: Random) => ({
  promptTokens: 32 + below(random, 225),
  newTokens: 32 + below(random, 97),
})

/** A Poisson process: gaps are −ln(1 − u)/rate. Prompts of 32 to 256 tokens, answers of 32 to 128. */
export function drawArrivals(random: Random, perSecond: number, durationMs: number): Arrival[] {
  const arrivals: Arrival[] = []
  const gap = () => (-Math.log(1 - random()) / perSecond) * 1_000
  let atMs = gap()
  // The first one comes however late, as figures of nothing would be none.
  do {
    arrivals.push({ atMs, ...drawSize(random) })
    atMs += gap()
  } while (atMs < durationMs)
  return arrivals
}

/**
 * Requests a second of the load's kind that the server answers with `inFlight` of them at any moment, over `durationMs` and
 * as many answers at least. The clock starts when as many have been answered: until then all read their prompts at once.
 */
export async function measureCapacity(
  server: Server,
  options: { readonly inFlight: number; readonly durationMs: number; readonly random: Random },
  now: () => number,
): Promise<number> {
  const { inFlight, durationMs, random } = options
  const endsAt: number[] = []
  const isOver = () => endsAt.length > 2 * inFlight && now() - endsAt[inFlight - 1]! >= durationMs
  await keepInFlight(inFlight, () => {
    if (isOver()) return undefined
    const { promptTokens, newTokens } = drawSize(random)
    return server.generate(drawRequest(random, promptTokens, newTokens)).then(() => {
      // What still runs at the end runs with fewer beside it.
      if (!isOver()) endsAt.push(now())
    })
  })
  const counted = endsAt.slice(inFlight - 1)
  return ((counted.length - 1) / (counted.at(-1)! - counted[0]!)) * 1_000
}

/** Sends every request when it is due, however many are unanswered: waiting for answers would hide queues. */
export async function serveArrivals(
  server: Server,
  arrivals: readonly Arrival[],
  random: Random,
  now: () => number,
): Promise<Served[]> {
  const start = now()
  const served: Promise<Served>[] = []
  for (const arrival of arrivals) {
    const wait = arrival.atMs - (now() - start)
    if (wait > 0) await pause(wait)
    served.push(serveOne(server, arrival, random, () => now() - start))
  }
  return Promise.all(served)
}

async function serveOne(
  server: Server,
  { atMs, promptTokens, newTokens }: Arrival,
  random: Random,
  sinceStart: () => number,
): Promise<Served> {
  let firstMs: number | undefined
  let lastMs = 0
  const gapsMs: number[] = []
  try {
    const { tokens } = await server.generate({
      ...drawRequest(random, promptTokens, newTokens),
      onPiece(piece) {
        const at = sinceStart() - atMs
        if (firstMs === undefined) firstMs = at
        else for (const _ of piece.tokens) gapsMs.push((at - lastMs) / piece.tokens.length)
        lastMs = at
      },
    })
    return { firstMs: firstMs ?? sinceStart() - atMs, gapsMs, tokens: tokens.length }
  } catch (error) {
    return {
      firstMs: undefined,
      gapsMs: [],
      tokens: 0,
      code: error instanceof StarlingError ? error.code : 'OTHER',
    }
  }
}
