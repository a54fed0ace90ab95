import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, Option } from 'commander'
import type { Precision } from '../shared/inference/model/device-graph.ts'
import type { Provider } from '../shared/inference/onnx/execution-class.ts'
import { listProviders } from '../shared/inference/onnx/providers.ts'
import { runCli } from '../shared/process/cli.ts'
import { isMain } from '../shared/process/is-main.ts'
import { wholeNumber } from '../shared/process/operator-flags.ts'
import { writeBundle } from './gpu-check/bundle.ts'
import { check } from './gpu-check/check.ts'
import { writeLargeModel } from './gpu-check/large-model.ts'
import { renderCheck } from './gpu-check/render.ts'
import { FULL_SIZES, TINY_SIZES } from './gpu-check/shapes.ts'

interface CheckFlags {
  device: readonly Provider[]
  tiny: boolean
  threads: number
  base?: string
  scratch: string
  large: boolean
  precision: Precision
  json?: string
  bundle?: string
}

const BASE_FOLDER = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../models/base' : './models/base', import.meta.url),
)

export const command = new Command('gpu-check')
  .description(
    "Says which execution providers work here, and how fast our models decode on them against the device's bandwidth.",
  )
  .addOption(
    new Option('--device <name...>', 'what to check')
      .choices(['webgpu', 'cuda', 'cpu'])
      .default(['webgpu', 'cuda']),
  )
  .option('--tiny', 'models of toy size, to try the program itself', false)
  .option('--threads <n>', 'CPU threads', wholeNumber, 1)
  .option('--base <folder>', 'the base model; random weights of its shape where it is missing')
  .option('--no-large', 'leave the model of 1 B parameters out')
  .addOption(new Option('--precision <type>', 'of the large model').choices(['fp16', 'fp32']).default('fp16'))
  .option(
    '--scratch <folder>',
    'where the large model is written for the while: 2.2 GB, or twice that',
    tmpdir(),
  )
  .option('--json <file>', 'write the results there')
  .option(
    '--bundle <folder>',
    'check nothing: write a folder that runs on a Linux machine without an install or a network',
  )
  .action(run)

async function run(flags: CheckFlags): Promise<void> {
  if (flags.bundle !== undefined) {
    const megabytes = (await writeBundle(flags.bundle, flags.base ?? BASE_FOLDER)) / 1e6
    console.log(
      `wrote ${flags.bundle}: ${megabytes.toFixed(0)} MB; run ${join(flags.bundle, 'run.sh')} there`,
    )
    return
  }
  const baseFolder = await existing(flags.base ?? BASE_FOLDER)
  const scratch = await mkdtemp(join(flags.scratch, 'starling-gpu-check-'))
  const progress = (text: string) => process.stderr.write(`${text}\n`)
  try {
    const { large } = flags.tiny ? TINY_SIZES : FULL_SIZES
    if (flags.large) progress('writing the large model')
    const { device: providers, tiny, threads, precision } = flags
    const largeModel = flags.large
      ? { modelFile: await writeLargeModel(scratch, large, precision, 1), precision }
      : undefined
    const entries = listProviders()
    const results = await check({
      providers,
      tiny,
      threads,
      baseFolder: tiny ? undefined : baseFolder,
      largeModel,
      progress,
    })
    console.log(renderCheck(entries, results))
    if (flags.json !== undefined) {
      const machine = { cpu: cpus()[0]?.model.trim() ?? 'unknown', node: process.version }
      const facts = { machine, tiny, baseIsTrained: baseFolder !== undefined, providers: entries, results }
      await writeFile(flags.json, `${JSON.stringify(facts, null, 2)}\n`)
    }
  } finally {
    await rm(scratch, { recursive: true })
  }
}

async function existing(folder: string): Promise<string | undefined> {
  try {
    await access(join(folder, 'model.json'))
    return folder
  } catch {
    return undefined
  }
}

if (isMain(import.meta.url)) await runCli(command, process.argv)
