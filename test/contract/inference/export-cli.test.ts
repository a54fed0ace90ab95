import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { textFile, writeFiles } from '../../../shared/inference/export/files.ts'
import { tinyModelFolder } from '../../unit/inference/tiny-model.ts'

const SCRIPT = join(import.meta.dirname, '../../../scripts/export.ts')
let model: string
let out: string

beforeAll(async () => {
  model = await tinyModelFolder()
  out = await mkdtemp(join(tmpdir(), 'starling-export-'))
})
afterAll(async () => {
  for (const folder of [model, out]) await rm(folder, { recursive: true })
})

async function exportModel(...flags: string[]): Promise<{ code: number; stderr: string }> {
  const argv = ['--import', 'tsx', SCRIPT, '--model', model, ...flags]
  return promisify(execFile)(process.execPath, argv).then(
    ({ stderr }) => ({ code: 0, stderr: withoutSteps(stderr) }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr: withoutSteps(stderr) }),
  )
}

/** On a busy machine the command tells its steps, too. */
function withoutSteps(stderr: string): string {
  return stderr.replaceAll(/^.* …( \d+ s)?\n/gm, '')
}

test('npm run export writes a folder, and says in one line why it can not', async () => {
  const [good, dtype] = await Promise.all([
    exportModel('--format', 'genai', '--out', join(out, 'genai')),
    exportModel('--format', 'genai', '--out', join(out, 'none'), '--dtype', 'q8_0'),
  ])
  expect(good).toEqual({ code: 0, stderr: '' })
  expect((await readdir(join(out, 'genai'))).sort()).toEqual([
    'genai_config.json',
    'model.onnx',
    'model.onnx.data',
    'tokenizer.json',
    'tokenizer_config.json',
  ])
  expect(dtype).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error EXPORT_DTYPE: .+\n$/) })
  expect(await readdir(out)).toEqual(['genai'])
}, 240_000)

test('a folder that can not be written to is named', async () => {
  const taken = join(model, 'model.json')
  await expect(writeFiles(taken, [textFile('a/b.txt', '')])).rejects.toMatchObject({
    code: 'EXPORT_UNWRITABLE',
    message: expect.stringContaining(join(taken, 'a/b.txt')),
  })
})
