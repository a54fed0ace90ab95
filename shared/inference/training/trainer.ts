import { type Architecture, type Parameter, parameters, sizeOf } from '../model/architecture.ts'
import { initialWeights } from '../model/initialize.ts'
import type { Weights } from '../model/weights.ts'
import { type Feed, openSession } from '../onnx/session.ts'
import type { Batch } from './batch.ts'
import { trainingGraph } from './graph.ts'
import { BETA1, BETA2, stateNames } from './optimizer.ts'

export interface StepReport {
  /** Weighted mean cross-entropy of the batch before the step, in nats a token. */
  readonly loss: number
  /** Global gradient norm before clipping. */
  readonly gradientNorm: number
}

export interface Trainer {
  step(batch: Batch, learningRate: number): Promise<StepReport>
  /** Current parameters; with a suffix '.m' or '.v' in the name, their moments. */
  state(name: string): Float32Array
  weights(): Weights
  /** Parameters, moments and step count, from which a trainer with another batch shape can go on. */
  snapshot(): Snapshot
  close(): Promise<void>
}

export interface Snapshot {
  readonly steps: number
  readonly state: ReadonlyMap<string, StateTensor>
}

export interface TrainerOptions {
  readonly architecture: Architecture
  readonly batch: number
  readonly sequence: number
  /** Seed of untrained weights, or what to go on from. */
  readonly from: number | Snapshot
  readonly threads: number
  /** Threads spin while they wait; changes no bit of the result. See `openSession`. */
  readonly dedicated?: boolean
}

/** Starts from seeded weights or a snapshot. Equal options and batches give equal weights on one machine with one thread count. */
export async function createTrainer(options: TrainerOptions): Promise<Trainer> {
  const { architecture, batch, sequence, from, threads, dedicated } = options
  const list = parameters(architecture)
  const session = await openSession(trainingGraph(architecture, batch, sequence), threads, dedicated)
  const state =
    typeof from === 'number' ? initialState(list, initialWeights(architecture, from)) : new Map(from.state)
  const outputs = ['loss', 'gradient_norm', ...[...state.keys()].map((name) => `${name}.next`)]
  let steps = typeof from === 'number' ? 0 : from.steps
  return {
    async step({ inputs, targets, weights, documents }, learningRate) {
      steps += 1
      const rows = batch * sequence
      const results = await session.run(
        {
          ...Object.fromEntries(state),
          input_ids: { data: inputs, shape: [rows] },
          targets: { data: targets, shape: [rows] },
          token_weights: { data: weights, shape: [rows, 1] },
          documents: { data: documents, shape: [batch, 1, sequence, 1] },
          learning_rate: scalar(learningRate),
          correction1: scalar(1 - BETA1 ** steps),
          correction2: scalar(1 - BETA2 ** steps),
        },
        outputs,
      )
      for (const [name, { shape }] of state) state.set(name, { data: results.get(`${name}.next`)!, shape })
      return { loss: results.get('loss')![0]!, gradientNorm: results.get('gradient_norm')![0]! }
    },
    state: (name) => state.get(name)!.data,
    weights: () => new Map(list.map(({ name }) => [name, state.get(name)!.data])),
    snapshot: () => ({ steps, state: new Map(state) }),
    close: () => session.release(),
  }
}

interface StateTensor extends Feed {
  readonly data: Float32Array
}

function initialState(list: readonly Parameter[], weights: Weights): Map<string, StateTensor> {
  const state = new Map<string, StateTensor>()
  for (const parameter of list) {
    for (const name of stateNames(parameter)) {
      const data = weights.get(name) ?? new Float32Array(sizeOf(parameter))
      state.set(name, { data, shape: parameter.shape })
    }
  }
  return state
}

function scalar(value: number): Feed {
  return { data: Float32Array.of(value), shape: [] }
}
