import { setTimeout as pause } from 'node:timers/promises'
import type { Engine } from '../../../shared/inference/engine.ts'
import type { Random } from '../../../shared/inference/random.ts'
import { median } from '../timing.ts'
import { drawRequest } from './requests.ts'

export interface Job {
  readonly tokens: number
  readonly ms: number
}

/** How many answers are asked for, and how they come. */
export type Mode = 'b1' | 'c16' | 'batch16'

/** How many requests each mode has: one, 16 that come on their own, and 16 that somebody collected into one call. */
export const REQUESTS: Readonly<Record<Mode, number>> = { b1: 1, c16: 16, batch16: 16 }

/** Somebody who can do the same job: answers of 200 tokens to prompts of 64. */
export interface Runner {
  run(mode: Mode): Promise<Job>
}

export interface Comparison {
  /** Tokens a second in each turn. */
  readonly ours: readonly number[]
  readonly theirs: readonly number[]
  /** Median of ours over median of theirs. */
  readonly ratio: number
}

/** Our engine as one of the runners. */
export function engineRunner(engine: Pick<Engine, 'generate'>, random: Random, now: () => number): Runner {
  return {
    async run(mode) {
      const requests = Array.from({ length: REQUESTS[mode] }, () => drawRequest(random))
      const began = now()
      const answers = await Promise.all(requests.map((request) => engine.generate(request)))
      return { tokens: answers.reduce((sum, { tokens }) => sum + tokens.length, 0), ms: now() - began }
    },
  }
}

/** Threads that spin while they wait for more work give up within this. */
const SETTLE_MS = 100

/**
 * In turns, so that both meet the same machine, and with a pause before each, so that none meets the other's threads. The
 * first turn of each does not count.
 */
export async function compareInTurns(
  turns: number,
  ours: () => Promise<Job>,
  theirs: () => Promise<Job>,
  settle: () => Promise<unknown> = () => pause(SETTLE_MS),
): Promise<Comparison> {
  const speeds: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] }
  const take = async (job: () => Promise<Job>) => {
    await settle()
    return job()
  }
  for (let turn = 0; turn <= turns; turn++) {
    const [us, them] = [await take(ours), await take(theirs)]
    if (turn === 0) continue
    speeds.ours.push((us.tokens / us.ms) * 1_000)
    speeds.theirs.push((them.tokens / them.ms) * 1_000)
  }
  return { ...speeds, ratio: median(speeds.ours) / median(speeds.theirs) }
}
