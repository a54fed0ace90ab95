/**
 * What a dispute costs at the shape of `base`, with random weights: rounds, bytes, time; and how often two machines round
 * differently. Run by hand: `npx tsx test/support/dispute/measure.ts [tokens] [columns a tile]`.
 */
import { standBy } from '../../../shared/dispute/party.ts'
import { statementDigest } from '../../../shared/dispute/statement.ts'
import { tilePaths, traceTree } from '../../../shared/dispute/tree.ts'
import { openReferenceEvaluator } from '../../../shared/inference/reference/evaluate.ts'
import { wire } from '../../../shared/inference/reference/inputs.ts'
import { chunkCount, OPERATORS, stepName, stepsOf } from '../../../shared/inference/reference/plan.ts'
import { isAdmissible, slackOf } from '../../../shared/inference/reference/rounding.ts'
import { runTrace } from '../../../shared/inference/reference/trace.ts'
import { readWeightTile } from '../../../shared/inference/reference/weight-tiles.ts'
import { RECIPES } from '../../../shared/inference/training/recipes.ts'
import { plainEvaluate } from './plain-evaluator.ts'
import { dispute, makeSide, makeWorld, sizeOf } from './world.ts'

const [length = 512, columnsPerTile = 64] = process.argv.slice(2).map(Number)
const { architecture } = RECIPES.base!
const world = makeWorld({ architecture, layout: { positionsPerChunk: 32, columnsPerTile }, length })
const { plan } = world.statement
const reference = await openReferenceEvaluator()
const start = process.cpuUsage()
const trace = await runTrace(plan, world.weights, reference.evaluate)
const { user, system } = process.cpuUsage(start)
console.log(`reference run of ${length} tokens: ${((user + system) / 1e6).toFixed(1)} s of CPU time`)

const steps = [...stepsOf(plan)]
const party = standBy(world.statement, trace, world.tree)
const paths = tilePaths(traceTree(plan))
const digest = statementDigest(world.statement)
let largest = { bytes: 0, operator: '' }
for (const operator of Object.keys(OPERATORS)) {
  const step = steps.find((some) => some.operator === operator && some.chunk === chunkCount(plan) - 1)!
  const path = [...paths.get(stepName(step))!]
  const ask = (withInputs: boolean) =>
    sizeOf(party({ type: 'tile-request', dispute: digest, path, withInputs }))
  const bytes = ask(true) + ask(false)
  console.log(`  referee input at ${operator}: ${bytes} bytes`)
  if (bytes > largest.bytes) largest = { bytes, operator }
}
console.log(`largest: ${largest.bytes} bytes at ${largest.operator}; ${steps.length} steps`)

const wiring = wire(plan)
const sources = {
  tile: trace.tile,
  weights: (tile: Parameters<typeof readWeightTile>[2]) => readWeightTile(architecture, world.weights, tile),
}
let [values, differ, inadmissible] = [0, 0, 0]
for (const step of steps) {
  const inputs = wiring.inputs(step, sources)
  const exact = await plainEvaluate(inputs)
  const own = trace.tile(step)
  values += own.length
  const differing = [...own.keys()].filter((i) => own[i] !== Math.fround(exact[i]!))
  if (differing.length === 0) continue
  const slack = slackOf(inputs, exact)
  differ += differing.length
  inadmissible += differing.filter((i) => !isAdmissible(own[i]!, exact[i]!, slack[i]!)).length
  console.log(`  ${stepName(step)}: ${differing.length} of ${own.length} values round differently`)
}
console.log(`${values} values; ${differ} round differently in plain loops, ${inadmissible} beyond the slack`)

const evaluate = reference.evaluate
// The gate has the most tiles, so that its tiles are the deepest.
const place = steps.findLast(({ operator }) => operator === 'gate')!
const faults = [{ step: place, element: 5, change: (value: number) => value + 1e-3 }]
const sides = { challenger: makeSide(world, { evaluate }), defender: makeSide(world, { evaluate, faults }) }
console.log(await dispute(world, sides, evaluate))
await reference.close()
