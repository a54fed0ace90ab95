import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { serveJsonLines } from './json-lines.mjs'

/** Sequences that the benchmark decodes together. */
const MOST = 16

/**
 * Contexts by strategy: with flash attention or without, on all threads or on one (where threads are no more than cores, its
 * own wait for each other while this process's event loop has one of the cores), and with keys and values in single precision.
 */
const ONE_THREAD = { threads: { ideal: 1, min: 1 } }
const STRATEGIES = {
  plain: { flashAttention: false },
  flash: { flashAttention: true },
  'plain.one': { flashAttention: false, ...ONE_THREAD },
  'flash.one': { flashAttention: true, ...ONE_THREAD },
  float: { flashAttention: false, experimentalKvCacheKeyType: 'F32', experimentalKvCacheValueType: 'F32' },
}

const contexts = new Map()
let model
let settings

/** `model`: a GGUF file. */
async function load({ install, model: modelPath, threads, contextSize }) {
  const entry = join(install, 'node_modules/node-llama-cpp/dist/index.js')
  const { getLlama } = await import(pathToFileURL(entry).href)
  const options = { gpu: false, build: 'never', skipDownload: true, logLevel: 'error', maxThreads: threads }
  const llama = await getLlama(options)
  model = await llama.loadModel({ modelPath, gpuLayers: 0 })
  settings = { contextSize, threads: { ideal: threads, min: threads } }
}

/** Answers of exactly `maxTokens` tokens, also past EOS, all decoded together. */
async function run({ prompts, maxTokens, temperature, strategy }) {
  const sequences = await sequencesFor(strategy, prompts.length === 1 ? 1 : MOST)
  for (const sequence of sequences) await sequence.clearHistory()
  const began = performance.now()
  const answers = []
  for (let first = 0; first < prompts.length; first += sequences.length) {
    const group = prompts.slice(first, first + sequences.length)
    answers.push(
      ...(await Promise.all(group.map((prompt, i) => answer(sequences[i], prompt, maxTokens, temperature)))),
    )
    if (prompts.length > sequences.length) for (const sequence of sequences) await sequence.clearHistory()
  }
  return { ms: performance.now() - began, answers }
}

/** A context of one sequence would be slowed by room for more, so each number has its own. */
async function sequencesFor(strategy, count) {
  const name = `${strategy}.${count}`
  if (!contexts.has(name)) {
    const size = { sequences: count, batchSize: count * settings.contextSize }
    const context = await model.createContext({ ...settings, ...size, ...STRATEGIES[strategy] })
    contexts.set(
      name,
      Array.from({ length: count }, () => context.getSequence()),
    )
  }
  return contexts.get(name)
}

async function answer(sequence, prompt, maxTokens, temperature) {
  const tokens = []
  const options = { temperature, topK: 0, topP: 1, minP: 0, yieldEogToken: true }
  for await (const token of sequence.evaluate(prompt, options)) {
    tokens.push(token)
    if (tokens.length === maxTokens) break
  }
  return tokens
}

await serveJsonLines({ load, run })
