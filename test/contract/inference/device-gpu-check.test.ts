import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { writeBundle } from '../../../scripts/gpu-check/bundle.ts'
import { TINY_SIZES } from '../../../scripts/gpu-check/shapes.ts'

// A bundle carries Linux programs.
test.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'the bundle runs by itself and measures what works there',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'starling-bundle-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const bytes = await writeBundle(folder, join(folder, 'no-such-model'))
    expect(bytes).toBeGreaterThan(1e8)
    expect(bytes).toBeLessThan(2.5e8)

    const json = join(folder, 'result.json')
    const args = ['--device', 'cpu', '--tiny', '--scratch', folder, '--json', json]
    // Neither this project's folder nor its environment helps.
    const { stdout } = await promisify(execFile)(join(folder, 'run.sh'), args, { cwd: '/', env: {} })
    expect(stdout).toContain('cpu: self-test passed')
    const { results, tiny, baseIsTrained } = JSON.parse(await readFile(json, 'utf8'))
    expect({ tiny, baseIsTrained }).toEqual({ tiny: true, baseIsTrained: false })
    const [{ provider, selfTest, gigabytesPerSecond, models }] = results
    expect({ provider, selfTest }).toMatchObject({ provider: 'cpu', selfTest: { kind: 'passed', error: 0 } })
    expect(gigabytesPerSecond).toBeGreaterThan(0)
    expect(models.map(({ name }: { name: string }) => name)).toEqual(['base fp32', 'large fp16'])
    for (const { architecture, decode, prefillMs } of models) {
      expect(architecture).toEqual(TINY_SIZES.base)
      expect(prefillMs).toBeGreaterThan(0)
      expect(decode.map(({ batch }: { batch: number }) => batch)).toEqual([1, 16])
      for (const { tokensPerSecond, floorMs } of decode) {
        expect(tokensPerSecond).toBeGreaterThan(0)
        expect(floorMs).toBeGreaterThan(0)
      }
    }
  },
  120_000,
)
