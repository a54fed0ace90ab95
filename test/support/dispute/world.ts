import { type Ask, conductDispute, type Verdict } from '../../../shared/dispute/conduct.ts'
import { type Party, standBy } from '../../../shared/dispute/party.ts'
import { readPins } from '../../../shared/dispute/pins.ts'
import type { Side } from '../../../shared/dispute/referee.ts'
import type { Statement } from '../../../shared/dispute/statement.ts'
import { traceTree } from '../../../shared/dispute/tree.ts'
import type { Architecture } from '../../../shared/inference/model/architecture.ts'
import { fromFloat16, toFloat16 } from '../../../shared/inference/model/float16.ts'
import { initialWeights } from '../../../shared/inference/model/initialize.ts'
import type { Weights } from '../../../shared/inference/model/weights.ts'
import { seededRandom } from '../../../shared/inference/random.ts'
import type { Evaluate } from '../../../shared/inference/reference/evaluate.ts'
import type { Layout, Plan, Step } from '../../../shared/inference/reference/plan.ts'
import { type Pin, runTrace, type Trace } from '../../../shared/inference/reference/trace.ts'
import { weightsTree } from '../../../shared/inference/reference/weight-tiles.ts'
import { toHex } from '../../../shared/proof/hash.ts'
import { plainEvaluate } from './plain-evaluator.ts'

/** Every feature of a real model within a few hundred steps: grouped heads, last tiles and a last chunk that are short. */
const SMALLEST: Architecture = {
  vocabularySize: 40,
  contextLength: 32,
  width: 32,
  layers: 2,
  heads: 2,
  kvHeads: 1,
  feedForward: 40,
  ropeBase: 10_000,
  normEpsilon: 1e-5,
}
export const SMALL_LAYOUT: Layout = { positionsPerChunk: 4, columnsPerTile: 12 }

/** Untrained weights, rounded as a model file would hold them. */
export function halfWeights(architecture: Architecture, seed: number): Weights {
  const weights = new Map<string, Float32Array>()
  for (const [name, values] of initialWeights(architecture, seed))
    weights.set(
      name,
      values.map((value) => fromFloat16(toFloat16(value))),
    )
  return weights
}

export function randomTokens(seed: number, count: number, vocabulary: number): number[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => Math.floor(random() * vocabulary))
}

export interface World {
  readonly statement: Statement
  readonly weights: Weights
  readonly tree: ReturnType<typeof weightsTree>
}

export function makeWorld({
  architecture = SMALLEST,
  layout = SMALL_LAYOUT,
  length = 10,
  seed = 1,
} = {}): World {
  const weights = halfWeights(architecture, seed)
  const tokens = randomTokens(seed, length, architecture.vocabularySize)
  const tree = weightsTree(architecture, layout, weights)
  const plan: Plan = { architecture, layout, tokens }
  const model = new Uint8Array(32).fill(7)
  return {
    weights,
    tree,
    statement: { subject: new Uint8Array(32).fill(8), model, weightsRoot: tree.root, plan, pins: [] },
  }
}

/** A false value that a liar goes on computing with. */
export interface Fault {
  readonly step: Step
  readonly element: number
  readonly change: (value: number) => number
}

export interface SideOptions {
  readonly evaluate?: Evaluate
  /** Values that a liar replaces, and goes on with. */
  readonly faults?: readonly Fault[]
  /** Other weights or tokens than those it stands by. */
  readonly ran?: World
}

/** A side that runs the statement on its own arithmetic and answers for the trace. */
export function makeSide(
  world: World,
  { evaluate = plainEvaluate, faults = [], ran = world }: SideOptions = {},
): Ask {
  const tree = traceTree(world.statement.plan)
  const parties = new Map<string, Party>()
  async function run(statement: Statement): Promise<Party> {
    const { plan } = ran.statement
    let { pins } = statement
    let trace = await runOnce(ran, evaluate, pins)
    for (const { step, element, change } of faults) {
      pins = [...pins, { step, element, value: Math.fround(change(trace.tile(step)[element]!)) }]
      trace = await runTrace(plan, ran.weights, evaluate, pins)
    }
    return standBy(statement, trace, world.tree)
  }
  return async (request) => {
    const name = toHex(request.dispute)
    if (request.type === 'trace-request' && !parties.has(name))
      parties.set(
        name,
        await run({ ...world.statement, pins: readPins(world.statement, tree, request.pins)! }),
      )
    return parties.get(name)!(request)
  }
}

// What honest sides run is run once for all tests of a file.
const traces = new WeakMap<Evaluate, WeakMap<World, Map<string, Promise<Trace>>>>()

function runOnce(ran: World, evaluate: Evaluate, pins: readonly Pin[]): Promise<Trace> {
  const ofEvaluator = traces.get(evaluate) ?? new WeakMap<World, Map<string, Promise<Trace>>>()
  traces.set(evaluate, ofEvaluator)
  const known = ofEvaluator.get(ran) ?? new Map<string, Promise<Trace>>()
  ofEvaluator.set(ran, known)
  const name = JSON.stringify(pins)
  const trace = known.get(name) ?? runTrace(ran.statement.plan, ran.weights, evaluate, pins)
  known.set(name, trace)
  return trace
}

/** What went over the wire: sizes as bytes that the fields hold, with 8 for each field's frame. */
export interface Traffic {
  rounds: number
  transcript: number
  refereeInput: number
}

export async function dispute(
  world: World,
  sides: Readonly<Record<Side, Ask>>,
  evaluate: Evaluate = plainEvaluate,
): Promise<{ verdict: Verdict; traffic: Traffic; reruns: number }> {
  const traffic: Traffic = { rounds: 0, transcript: 0, refereeInput: 0 }
  const heard =
    (side: Side): Ask =>
    async (request) => {
      if (side === 'defender') traffic.rounds++
      const reply = await sides[side](request)
      traffic.transcript += sizeOf(request)
      if (request.type === 'tile-request') traffic.refereeInput += sizeOf(reply)
      else traffic.transcript += sizeOf(reply)
      return reply
    }
  let reruns = 0
  const verdict = await conductDispute(world.statement, {
    ask: { challenger: heard('challenger'), defender: heard('defender') },
    evaluate: (inputs) => {
      reruns++
      return evaluate(inputs)
    },
    timeout: () => new Promise(() => {}),
  })
  return { verdict, traffic, reruns }
}

/** Bytes of a message: keys and text as they are, byte strings and numbers as their bytes, and a few for each value's head. */
export function sizeOf(value: unknown): number {
  if (value instanceof Uint8Array) return value.length + 5
  if (typeof value === 'string') return value.length + 1
  if (typeof value === 'number') return Number.isInteger(value) && value < 128 && value >= 0 ? 1 : 9
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + sizeOf(item), 3)
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).reduce((sum, [key, item]) => sum + sizeOf(key) + sizeOf(item), 3)
  return 1
}
