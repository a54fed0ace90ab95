import type { Engine } from '../../../shared/inference/engine.ts'
import type { Random } from '../../../shared/inference/random.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { drawRequest } from './requests.ts'

/** What a kill in the midst of work did. */
export interface Kill {
  /** How each request in flight ended: its error's code, or `answered`. */
  readonly outcomes: readonly string[]
  /** From the kill to the first answer that was asked for after it. */
  readonly resumedMs: number
}

/** Kills the engine's process once all of `inFlight` answers are being written, and asks again at once. */
export async function killUnderLoad(
  engine: Pick<Engine, 'generate' | 'health'>,
  inFlight: number,
  random: Random,
  now: () => number,
): Promise<Kill> {
  const begun: Promise<void>[] = []
  const ends: Promise<string>[] = []
  for (let i = 0; i < inFlight; i++) {
    const { promise, resolve } = deferred()
    begun.push(promise)
    // An answer that fails before it began must not keep everybody waiting.
    ends.push(endOf(engine.generate({ ...drawRequest(random), onPiece: resolve })).finally(resolve))
  }
  await Promise.all(begun)
  const { pid } = engine.health()
  const killed = now()
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
  const outcomes = await Promise.all(ends)
  await engine.generate(drawRequest(random, 16, 1))
  return { outcomes, resumedMs: now() - killed }
}

async function endOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer
    return 'answered'
  } catch (error) {
    return error instanceof StarlingError ? error.code : 'OTHER'
  }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
