import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { Provider } from '../shared/inference/onnx/execution-class.ts'
import type { Precision } from '../shared/inference/precision.ts'
import { modelFolders } from '../shared/inference/registry/build-registry.ts'
import { runCli } from '../shared/process/cli.ts'
import { StarlingError } from '../shared/process/errors.ts'
import { isMain } from '../shared/process/is-main.ts'
import { wholeNumber } from '../shared/process/operator-flags.ts'
import { CALIBRATION_FOLDER } from '../shared/proof/sketch/calibration.ts'
import { SIMILARITY_FILE } from '../shared/similarity/calibration.ts'
import { checkWritable } from './bench/output.ts'
import { ROUNDINGS } from './calibrate/rounding.ts'
import { type CheatName, runCalibration } from './calibrate/run.ts'
import { calibrateSimilarity } from './calibrate/similarity.ts'
import { renderSimilarity } from './calibrate/similarity-table.ts'
import { renderRun } from './calibrate/table.ts'
import { writeCalibration } from './calibrate/write.ts'

interface CalibrateFlags {
  model: string
  prompts: number
  tokens: number
  prover: Provider
  verifier: Provider
  proverPrecision: Precision
  verifierPrecision?: Precision
  cheats?: readonly CheatName[]
  threads: number
  seed: number
  newWhitening: boolean
  similarity: boolean
  each: number
  out?: string
  json?: string
}

const device = (flags: string, what: string) =>
  new Option(flags, what).choices(['cpu', 'cuda', 'webgpu']).default('cpu')

const PRECISIONS: readonly Precision[] = ['fp32', 'q4b32a8', 'q4b16a8', 'q4b64a8', 'q4b32a32', 'q8b32a8']

const precision = (flags: string, what: string) => new Option(flags, what).choices(PRECISIONS)

/** What a miner of a precision might run instead, for less. */
function usualCheats(declared: Precision): CheatName[] {
  return declared === 'fp32' ? [...ROUNDINGS] : PRECISIONS.filter((other) => other !== declared)
}

export const command = new Command('calibrate')
  .description(
    'Measures how far apart two classes compute the hidden states of honest answers, and of cheats, and writes what ' +
      'sketches are judged by beside the model.',
  )
  .requiredOption('--model <folder>', 'for example models/small')
  .option('--prompts <n>', 'honest answers, and as many of each cheat', wholeNumber, 400)
  .option('--tokens <n>', 'of an answer, at most', wholeNumber, 128)
  .addOption(device('--prover <device>', 'that answers'))
  .addOption(device('--verifier <device>', 'that reads the answers'))
  .addOption(
    precision('--prover-precision <precision>', 'that the prover declares').default(
      'fp32' satisfies Precision,
    ),
  )
  .addOption(precision('--verifier-precision <precision>', 'of the verifier; the prover’s unless told'))
  .addOption(
    new Option(
      '--cheats <name...>',
      'rounded weights, or precisions, that are served as the declared one; only models of our own can be',
    ).choices([...ROUNDINGS, ...PRECISIONS]),
  )
  .option('--threads <n>', 'of an engine', wholeNumber, 1)
  .option('--seed <n>', 'of prompts, answers and challenges', wholeNumber, 1)
  .option('--new-whitening', 'replace the stored one, and with it what was measured of other pairs', false)
  .option(
    '--similarity',
    'measure what answers are hashed with instead, by answers of all models in the folder beside it',
    false,
  )
  .option('--each <n>', 'answers of each model to a task, with --similarity', wholeNumber, 3)
  .option('--out <folder>', 'where to write; the folder “calibration” in the model’s unless told')
  .option('--json <file>', 'write the run there too')
  .action(run)

async function run(flags: CalibrateFlags): Promise<void> {
  if (flags.json !== undefined) await checkWritable(flags.json)
  if (flags.prompts < 1 || flags.tokens < 1)
    throw new StarlingError('USAGE', 'nothing to measure', 'give at least one prompt, and one token')
  if (flags.similarity) return runSimilarity(flags)
  const { prompts, threads, seed, proverPrecision, verifierPrecision = proverPrecision } = flags
  const result = await runCalibration(
    {
      modelFolder: flags.model,
      maxTokens: flags.tokens,
      prover: { device: flags.prover, precision: proverPrecision },
      verifier: { device: flags.verifier, precision: verifierPrecision },
      cheats: flags.cheats ?? usualCheats(proverPrecision),
      renewWhitening: flags.newWhitening,
      ...{ prompts, threads, seed },
    },
    (what) => process.stderr.write(`${what}\n`),
  )
  const { calibration, whitening } = result.stored
  await writeCalibration(flags.out ?? join(flags.model, CALIBRATION_FOLDER), calibration, whitening)
  const { pair, summaries } = result
  if (flags.json !== undefined)
    await writeFile(flags.json, `${JSON.stringify({ pair, summaries }, null, 2)}\n`)
  console.log(renderRun(result))
}

/** As many tasks to make the whitening as `--prompts` says, and as many again to measure it. */
async function runSimilarity(flags: CalibrateFlags): Promise<void> {
  const { model, prompts: fields, tokens: maxTokens, each, seed, threads } = flags
  const beside = dirname(resolve(model))
  const answerers = new Map((await modelFolders(beside)).map((name) => [name, join(beside, name)]))
  const run = await calibrateSimilarity(
    { modelFolder: model, answerers, fields, maxTokens, each, seed, threads },
    (what) => process.stderr.write(`${what}\n`),
  )
  const folder = flags.out ?? join(model, CALIBRATION_FOLDER)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, SIMILARITY_FILE), run.file)
  const { parts, answers, results } = run
  if (flags.json !== undefined)
    await writeFile(flags.json, `${JSON.stringify({ parts, answers, results }, null, 2)}\n`)
  console.log(renderSimilarity(run))
}

if (isMain(import.meta.url)) await runCli(command, process.argv)
