import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { Dtype } from '../shared/inference/export/elements.ts'
import { type ExportedFile, writeFiles } from '../shared/inference/export/files.ts'
import { genaiFiles } from '../shared/inference/export/genai.ts'
import { ggufFiles } from '../shared/inference/export/gguf.ts'
import type { GgufDtype } from '../shared/inference/export/gguf-tensors.ts'
import { huggingFaceFiles } from '../shared/inference/export/hugging-face.ts'
import { type LoadedModel, loadModel } from '../shared/inference/model/folder.ts'
import { runCli } from '../shared/process/cli.ts'
import { StarlingError } from '../shared/process/errors.ts'
import { isMain } from '../shared/process/is-main.ts'
import { terminalStep } from '../shared/process/step.ts'

type Format = 'hugging-face' | 'genai' | 'gguf'

interface ExportFlags {
  model: string
  format: Format
  out: string
  dtype: Dtype | GgufDtype
}

export const command = new Command('export')
  .description('Writes one of our models in a form that other programs read.')
  .requiredOption('--model <folder>', 'for example models/small')
  .addOption(
    new Option(
      '--format <format>',
      'hugging-face: transformers.js, Optimum; genai: onnxruntime-genai; gguf: llama.cpp',
    )
      .choices(['hugging-face', 'genai', 'gguf'])
      .makeOptionMandatory(),
  )
  .requiredOption('--out <folder>', 'where to write; files of the same names are replaced')
  .addOption(
    new Option('--dtype <type>', 'how weights are stored; q8_0 with gguf only')
      .choices(['fp32', 'fp16', 'q8_0'])
      .default('fp32'),
  )
  .action(run)

async function run(flags: ExportFlags): Promise<void> {
  const step = terminalStep()
  const model = await step(`reading ${flags.model}`, () => loadModel(flags.model))
  const files = await step(`writing it as ${flags.format}`, async () => exportedFiles(model, flags))
  const folder = resolve(flags.out)
  await step(`writing ${folder}`, () => writeFiles(folder, files))
  for (const { path, bytes } of files) console.log(`${path} ${bytes.length} bytes`)
}

function exportedFiles(model: LoadedModel, { format, dtype }: ExportFlags): ExportedFile[] {
  if (format === 'gguf') return ggufFiles(model, dtype)
  if (dtype === 'q8_0') {
    throw new StarlingError(
      'EXPORT_DTYPE',
      `format ${format} has no dtype q8_0`,
      'use fp32, fp16 or --format gguf',
    )
  }
  return format === 'genai' ? genaiFiles(model, dtype) : huggingFaceFiles(model, dtype)
}

if (isMain(import.meta.url)) await runCli(command, process.argv)
