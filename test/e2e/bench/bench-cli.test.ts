import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runToEnd } from '../devnet/devnet-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'starling-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

const bench = (...args: string[]) => runToEnd(['--import', 'tsx', 'scripts/bench.ts', ...args])

describe('npm run bench', () => {
  it('lists suites and flags', async () => {
    const { code, out } = await bench('--help')
    expect(code).toBe(0)
    for (const word of ['yuma', '--quick', '--json', '--csv', '--html', '--seed', '--scenario']) {
      expect(out).toContain(word)
    }
  })

  it.each([
    [['yumma'], 'error BENCH_SUITE: there is no suite yumma; choose one of', 1],
    [[], 'error USAGE: missing required argument', 2],
    [['yuma', '--json', join(folder, 'no', 'x.json')], 'error BENCH_OUTPUT: cannot write', 1],
    [['yuma', '--only', 'forged'], 'error BENCH_PARTS: suite yuma has no parts', 1],
    [['yuma', '--html', join(folder, 'x.html')], 'error BENCH_HTML: suite yuma has no page with plots', 1],
    [['verify', '--only', 'bytes,forgd'], 'error BENCH_PARTS: suite verify has no part forgd; choose of', 1],
    [['yuma', '--scenario', join(folder, 'none.json')], 'error VECTOR_INVALID: cannot read', 1],
    [['yuma', '--scenario', 'package.json'], 'error VECTOR_INVALID: package.json is no vector', 1],
  ])('%j ends with one line that says why', async (args, line, exitCode) => {
    const { code, err } = await bench(...args)
    expect(err.trim().split('\n')).toHaveLength(1)
    expect(err).toContain(line)
    expect(code).toBe(exitCode)
  })

  it('runs a scenario through both implementations, and writes what it found', async () => {
    const json = join(folder, 'out.json')
    const csv = join(folder, 'out.csv')
    const scenario = 'test/vectors/yuma/yuma-2-bonds.json'
    const run = await bench('yuma', '--scenario', scenario, '--seed', '7', '--json', json, '--csv', csv)
    expect(run).toMatchObject({ code: 0, out: expect.stringContaining('scenario.equal') })
    const found = JSON.parse(readFileSync(json, 'utf8'))
    expect(found).toMatchObject({
      suite: 'yuma',
      quick: false,
      environment: { node: process.version, seed: 7, cores: expect.any(Number), commit: expect.any(String) },
      raw: { runtime: { specName: 'starling' }, unexpected: [], epochs: { length: 8 } },
    })
    expect(found.raw.epochs[0].emission[0]).toBe('49999998')
    expect(found.bars.map(({ name, value }: { name: string; value: number }) => [name, value])).toEqual([
      ['scenario.equal', 8],
      ['scenario.total', 8],
      ['scenario.unexpected', 0],
    ])
    expect(readFileSync(csv, 'utf8')).toContain('scenario.equal,8,epochs')
  }, 240_000)
})
