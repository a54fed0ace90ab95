import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { serveJsonLines } from './json-lines.mjs'

const models = new Map()
let library

/** `models`: Optimum folders by name. */
async function load({ install, models: folders, threads }) {
  const entry = join(install, 'node_modules/@huggingface/transformers/dist/transformers.node.mjs')
  library = await import(pathToFileURL(entry).href)
  library.env.allowRemoteModels = false
  for (const [name, folder] of Object.entries(folders)) {
    library.env.localModelPath = `${dirname(folder)}/`
    const model = await library.AutoModelForCausalLM.from_pretrained(basename(folder), {
      dtype: 'fp32',
      device: 'cpu',
      session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 },
    })
    models.set(name, model)
  }
}

/**
 * Answers at temperature 0 or 1. The strategy names the model, and whether prompts go in one padded `batch` or in `calls` one
 * after the other; with `exact`, EOS ends no answer before `maxTokens`.
 */
async function run({ prompts, maxTokens, temperature, exact, strategy }) {
  const [name, how] = strategy.split('.')
  const groups = how === 'batch' ? [prompts] : prompts.map((prompt) => [prompt])
  const options = {
    max_new_tokens: maxTokens,
    ...(temperature === 0 ? { do_sample: false } : { do_sample: true, temperature, top_k: 0 }),
    ...(exact ? { min_new_tokens: maxTokens } : {}),
  }
  const began = performance.now()
  const outputs = []
  for (const group of groups) outputs.push(await models.get(name).generate({ ...padLeft(group), ...options }))
  const ms = performance.now() - began
  const answers = outputs.flatMap((sequences, i) => {
    const longest = Math.max(...groups[i].map((prompt) => prompt.length))
    return sequences.tolist().map((row) => row.slice(longest).map(Number))
  })
  return { ms, answers }
}

function padLeft(group) {
  const longest = Math.max(...group.map((prompt) => prompt.length))
  const padding = (prompt) => Array(longest - prompt.length).fill(0)
  const tensor = (rows) =>
    new library.Tensor('int64', BigInt64Array.from(rows.flat(), BigInt), [group.length, longest])
  return {
    input_ids: tensor(group.map((prompt) => [...padding(prompt), ...prompt])),
    attention_mask: tensor(group.map((prompt) => [...padding(prompt), ...prompt.map(() => 1)])),
  }
}

await serveJsonLines({ load, run })
