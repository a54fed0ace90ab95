import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readModelInfo } from '../../../shared/inference/model/folder.ts'
import { calibrationOf } from '../../../shared/proof/sketch/calibration.ts'
import { readCalibration } from '../../../shared/proof/sketch/read-calibration.ts'

const ROOT = join(import.meta.dirname, '../../..')
const MODEL = join(ROOT, 'models/nano')
let out: string

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'starling-calibrate-'))
})
afterAll(() => rm(out, { recursive: true }))

async function calibrate(...flags: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const argv = ['--import', 'tsx', join(ROOT, 'scripts/calibrate.ts'), '--model', MODEL, ...flags]
  return promisify(execFile)(process.execPath, argv, { cwd: ROOT }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
}

test('npm run calibrate measures a pair of classes, writes it, and prints one table', async () => {
  const json = join(out, 'run.json')
  const folder = join(out, 'calibration')
  const sample = ['--prompts', '20', '--cheats', 'bf16']
  const run = await calibrate(...sample, '--out', folder, '--json', json)
  expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('AUC in one row') })

  const { hash, executionClass } = await readModelInfo(MODEL)
  const { calibration, whitening } = (await readCalibration(out, hash))!
  const pair = calibrationOf(calibration, { prover: executionClass, verifier: executionClass, model: hash })!
  expect(whitening.width).toBe(64)
  expect(pair.prompts).toBe(20)
  expect(pair.buckets.length).toBeGreaterThan(2)
  // Honest rows differ in their last bits only.
  for (const bucket of pair.buckets) expect(bucket.largest).toBeLessThan(Math.log(1e-4))
  expect(pair.evidence.margin?.threshold).toBeGreaterThanOrEqual(1e-4)

  const { summaries } = JSON.parse(await readFile(json, 'utf8'))
  expect(summaries.map(({ name }: { name: string }) => name)).toEqual([
    'honest',
    'sums in another order',
    'prompt, one character',
    'bf16 weights',
  ])
  const [, elsewhere, ...cheats] = summaries
  for (const { areaInOneRow } of cheats) expect(areaInOneRow).toBeGreaterThan(0.999)
  // Honest too: no detector may live on what another order of sums does.
  expect(elsewhere.areaInOneRow).toBeLessThan(0.8)
  expect(elsewhere.answersToAlarm).toEqual({})
}, 180_000)

test('it says in one line what it can not do', async () => {
  const json = join(out, 'nowhere', 'run.json')
  expect(await calibrate('--json', json)).toMatchObject({ code: 1, stderr: /^error BENCH_OUTPUT: .*\n$/ })
}, 240_000)
