import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { evaluate } from '../shared/inference/evaluation/evaluate.ts'
import { modelCard } from '../shared/inference/evaluation/model-card.ts'
import { loadModel, saveModel } from '../shared/inference/model/folder.ts'
import { startEngine } from '../shared/inference/start-engine.ts'
import { checkpointFile } from '../shared/inference/training/checkpoint.ts'
import { RECIPES } from '../shared/inference/training/recipes.ts'
import { type Progress, stepsWithin, train } from '../shared/inference/training/train.ts'
import { runCli } from '../shared/process/cli.ts'
import { isMain } from '../shared/process/is-main.ts'
import { wholeNumber } from '../shared/process/operator-flags.ts'

interface TrainFlags {
  model: string
  seed: number
  steps?: number
  minutes?: number
  threads: number
  dedicated: boolean
  checkpoint?: string
  out?: string
  evaluateOnly: boolean
  tasks: number
}

const names = Object.keys(RECIPES).join(', ')

/** Held-out tasks: training data is drawn from its seed + 1, which nobody will make this. */
const EVALUATION_SEED = 0x5eed_0000

export const command = new Command('train')
  .description('Trains a model on generated data, evaluates it on fresh tasks, and writes its folder.')
  .requiredOption('--model <name>', `one of ${names}`, recipeName)
  .option('--seed <n>', 'of initial weights and data', wholeNumber, 1)
  .option('--steps <n>', "optimizer steps; the recipe's unless told", wholeNumber)
  .option('--minutes <n>', 'as many steps as fit into this time on this machine', minutes)
  .option('--threads <n>', 'CPU threads', wholeNumber, availableParallelism())
  .option('--dedicated', 'let threads spin: faster where nothing else needs the cores', false)
  .addOption(
    new Option(
      '--checkpoint <file>',
      'keep the run in this file every 100 steps, and go on from it',
    ).conflicts('minutes'),
  )
  .option('--out <folder>', 'where to write; models/<name> unless told')
  .option('--evaluate-only', 'measure the model that is there, and write its card again', false)
  .option('--tasks <n>', 'evaluation tasks of each family', wholeNumber, 100)
  .action(run)

async function run(flags: TrainFlags): Promise<void> {
  const folder = flags.out ?? join('models', flags.model)
  if (!flags.evaluateOnly) await trainInto(folder, flags)
  const { manifest } = await loadModel(folder)
  const engine = await startEngine({ modelFolder: folder, threads: flags.threads })
  try {
    const evaluations = []
    for (const temperature of [0.8, 1]) {
      const options = { sampling: { temperature, topK: 0, topP: 1 }, perFamily: flags.tasks, maxTokens: 160 }
      const result = await evaluate(engine, { ...options, seed: EVALUATION_SEED })
      console.log(
        `temperature ${temperature}: exact match ${result.accuracy.toFixed(3)}, ${result.natsPerToken.toFixed(3)} nats a token`,
      )
      evaluations.push(result)
    }
    await writeFile(join(folder, 'README.md'), modelCard(manifest, evaluations))
  } finally {
    await engine.close()
  }
}

async function trainInto(folder: string, flags: TrainFlags): Promise<void> {
  const recipe = RECIPES[flags.model]!
  const options = {
    recipe,
    seed: flags.seed,
    threads: flags.threads,
    dedicated: flags.dedicated,
    now: () => performance.now(),
  }
  const timed = flags.minutes === undefined ? undefined : await stepsWithin(flags.minutes, options)
  const start = performance.now()
  let first = 0
  const onProgress = ({ step, steps, loss, gradientNorm, tokensPerSecond }: Progress) => {
    first ||= step
    if (step % 100 !== 0 && step !== steps) return
    const left = ((performance.now() - start) / (step + 1 - first)) * (steps - step)
    console.log(
      `step ${step}/${steps} loss ${loss.toFixed(4)} gradient ${gradientNorm.toFixed(2)} ` +
        `${Math.round(tokensPerSecond)} tokens/s, ${(left / 60_000).toFixed(1)} min left`,
    )
  }
  const steps = flags.steps ?? timed ?? recipe.steps
  const { checkpoint: file } = flags
  const checkpoints = file === undefined ? {} : { checkpoints: { store: checkpointFile(file), every: 100 } }
  const { weights, record } = await train({ ...options, ...checkpoints, steps, onProgress })
  const manifest = await saveModel(folder, flags.model, recipe.architecture, weights, record)
  console.log(`wrote ${folder}: ${manifest.hash}`)
}

function recipeName(value: string): string {
  if (Object.hasOwn(RECIPES, value)) return value
  throw new InvalidArgumentError(`choose one of ${names}`)
}

function minutes(value: string): number {
  const number = Number(value)
  if (number > 0 && number <= 10_000) return number
  throw new InvalidArgumentError('give a number of minutes above 0')
}

if (isMain(import.meta.url)) await runCli(command, process.argv)
