import { loadModel } from '../../../../shared/inference/model/folder.ts'
import { createOwnRuntime } from '../../../../shared/inference/model/own-runtime.ts'
import type { Runtime } from '../../../../shared/inference/runtime.ts'
import { sampleToken } from '../../../../shared/inference/sampler.ts'
import { serveJsonLines } from './json-lines.mjs'
import type { DriverRun } from './peer.ts'

interface Job {
  readonly prompts: readonly (readonly number[])[]
  readonly maxTokens: number
  readonly temperature: number
}

const now = () => performance.now()
const seed = new Uint8Array(32)
let runtime: Runtime

async function load({ folder, threads }: { folder: string; threads: number }): Promise<void> {
  const { manifest, weights } = await loadModel(folder)
  runtime = await createOwnRuntime({
    architecture: manifest.architecture,
    weights,
    threads,
    maxBatch: 1,
    // As the engine beside it and the other peers, whose threads spin by default.
    dedicated: true,
    now,
  })
}

/** Answers of exactly `maxTokens` tokens, one after the other. */
async function run({ prompts, maxTokens, temperature }: Job): Promise<DriverRun> {
  const began = now()
  const answers: number[][] = []
  for (const prompt of prompts) answers.push(await answer(prompt, maxTokens, temperature))
  return { ms: now() - began, answers }
}

async function answer(prompt: readonly number[], maxTokens: number, temperature: number): Promise<number[]> {
  const sampling = { temperature, topK: 0, topP: 1 }
  const sequence = runtime.open()
  const first = await runtime.extend([{ sequence, tokens: prompt }], false)
  const tokens = [sampleToken(first.logits, sampling, seed, 0)]
  while (tokens.length < maxTokens) {
    const { logits } = await runtime.step([sequence], [tokens.at(-1)!], false)
    tokens.push(sampleToken(logits, sampling, seed, tokens.length))
  }
  runtime.release(sequence)
  return tokens
}

await serveJsonLines({ load, run })
