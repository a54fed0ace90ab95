import { availableParallelism } from 'node:os'
import { Command, InvalidArgumentError } from 'commander'
import { saveModel } from '../shared/inference/model/folder.ts'
import { RECIPES } from '../shared/inference/training/recipes.ts'
import { stepsWithin, train } from '../shared/inference/training/train.ts'

const program = new Command('train')
  .description('train a model from scratch on generated data and write its folder')
  .requiredOption('--model <name>', `one of ${Object.keys(RECIPES).join(', ')}`, recipeName)
  .option('--seed <n>', 'initial weights and data', integer, 1)
  .option('--steps <n>', "optimizer steps, instead of the recipe's", integer)
  .option('--minutes <n>', 'as many steps as fit into this time on this machine', Number)
  .option('--threads <n>', 'CPU threads', integer, availableParallelism())
  .option('--out <folder>', 'where to write; models/<name> unless told')
  .parse()

const flags = program.opts<{
  model: string
  seed: number
  steps?: number
  minutes?: number
  threads: number
  out?: string
}>()
const recipe = RECIPES[flags.model]!
const options = { recipe, seed: flags.seed, threads: flags.threads, now: () => performance.now() }
const timed = flags.minutes === undefined ? undefined : await stepsWithin(flags.minutes, options)
const steps = flags.steps ?? timed ?? recipe.steps
const start = performance.now()
const { weights, record } = await train({
  ...options,
  steps,
  onProgress({ step, loss, gradientNorm, tokensPerSecond }) {
    if (step % 100 !== 0 && step !== steps) return
    const left = ((performance.now() - start) / step) * (steps - step)
    console.log(
      `step ${step}/${steps} loss ${loss.toFixed(4)} gradient ${gradientNorm.toFixed(2)} ` +
        `${Math.round(tokensPerSecond)} tokens/s, ${(left / 60_000).toFixed(1)} min left`,
    )
  },
})
const folder = flags.out ?? `models/${flags.model}`
const manifest = await saveModel(folder, flags.model, recipe.architecture, weights, record)
console.log(`wrote ${folder}: ${manifest.hash}`)

function recipeName(value: string): string {
  if (value in RECIPES) return value
  throw new InvalidArgumentError(`choose one of ${Object.keys(RECIPES).join(', ')}`)
}

function integer(value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('give a whole number')
  return number
}
