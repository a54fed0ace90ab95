import { isDeepStrictEqual } from 'node:util'
import { runEpoch } from '../../../shared/consensus/yuma/run-epoch.ts'
import type { RuntimeEpoch } from '../../../shared/consensus/yuma/runtime-epoch.ts'
import type { Bar } from '../suite.ts'
import { checkEpochVector, parseEpochVector } from './epoch-vectors.ts'
import { readJson } from './read-vectors.ts'

/** Runs the epochs of a vector file in TypeScript and in the runtime; the outcome of each is in `raw`. */
export async function runScenario(runtime: RuntimeEpoch, path: string) {
  const vector = parseEpochVector(await readJson(path), path)
  const ours = await checkEpochVector(vector, runEpoch)
  const theirs = await checkEpochVector(vector, (input) => runtime.run(input))
  const equal = ours.outputs.filter((output, index) => isDeepStrictEqual(output, theirs.outputs[index]))
  const bars: Bar[] = [
    { name: 'scenario.equal', value: equal.length, unit: 'epochs', note: 'TypeScript equals the runtime' },
    { name: 'scenario.total', value: ours.outputs.length, unit: 'epochs' },
    { name: 'scenario.unexpected', value: ours.differences.length, unit: 'numbers' },
  ]
  const epochs = JSON.parse(JSON.stringify(ours.outputs, (_, value) => toJson(value))) as unknown
  return { raw: { name: vector.name, unexpected: ours.differences, epochs }, bars }
}

function toJson(value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
