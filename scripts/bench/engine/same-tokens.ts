import type { Engine, GenerateRequest } from '../../../shared/inference/engine.ts'
import { below, pick, type Random } from '../../../shared/inference/random.ts'
import { keepInFlight } from './in-flight.ts'
import { drawRequest } from './requests.ts'

const TEMPERATURES = [0.8, 1]

/** Asks the same random requests one by one, and then shuffled with `inFlight` at a time; counts equal answers. */
export async function countSameTokens(
  engine: Pick<Engine, 'generate'>,
  { requests: count, inFlight, random }: { requests: number; inFlight: number; random: Random },
  onDone: (done: number) => void,
): Promise<number> {
  const requests = Array.from({ length: count }, () =>
    drawRequest(random, 1 + below(random, 200), 1 + below(random, 48), pick(random, TEMPERATURES)),
  )
  let done = 0
  const ask = async (request: GenerateRequest) => {
    const { tokens } = await engine.generate(request)
    onDone(++done)
    return tokens.join()
  }
  const alone = new Map<GenerateRequest, string>()
  for (const request of requests) alone.set(request, await ask(request))
  let same = 0
  const waiting = shuffled(requests, random)
  await keepInFlight(inFlight, () => {
    const request = waiting.pop()
    return request && ask(request).then((tokens) => (same += Number(tokens === alone.get(request))))
  })
  return same
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items]
  for (let last = result.length - 1; last > 0; last--) {
    const other = below(random, last + 1)
    ;[result[last], result[other]] = [result[other]!, result[last]!]
  }
  return result
}
