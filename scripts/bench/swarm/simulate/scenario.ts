import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { StarlingError } from '../../../../shared/process/errors.ts'

/** Who takes part in a simulated swarm. */
export const scenarioSchema = z.strictObject({
  rounds: z.number().int().positive().default(15),
})
export type Scenario = z.infer<typeof scenarioSchema>

/** @throws StarlingError BENCH_SCENARIO for a file that can't be read, or says something else */
export async function readScenario(path: string): Promise<Scenario> {
  const problem = (what: string, cause?: unknown) =>
    new StarlingError('BENCH_SCENARIO', `${path} ${what}`, 'see docs/examples/swarm for scenarios', { cause })
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw problem('can’t be read', cause)
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw problem('is no JSON', cause)
  }
  const parsed = scenarioSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw problem(`is no scenario: ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'malformed'}`)
}
