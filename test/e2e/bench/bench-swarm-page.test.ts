import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { runToEnd } from '../devnet/devnet-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'starling-swarm-page-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string) => join(folder, name)
const read = (name: string) => readFileSync(at(name), 'utf8')

const swarm = (...args: string[]) =>
  runToEnd(['--import', 'tsx', 'scripts/bench.ts', 'swarm', '--quick', ...args])

it('npm run bench -- swarm writes a page, rows and tables, and makes them anew from its file', async () => {
  copyFileSync('docs/swarm.md', at('swarm.md'))
  const measured = await swarm('--only', 'fit', '--json', at('swarm.json'), '--csv', at('swarm.csv'))
  expect(measured).toMatchObject({ code: 0, out: expect.stringContaining('fit256') })
  expect(read('swarm.csv')).toContain('fit256')
  expect(read('swarm.outcomes.csv')).toContain('fit,,0,answers,256\r\n')

  const files = ['--json', at('swarm.json'), '--html', at('swarm.html'), '--doc', at('swarm.md')]
  expect(await swarm('--only', 'none', ...files)).toMatchObject({ code: 0 })
  expect(JSON.parse(read('swarm.json')).raw.parts.fit.facts).toMatchObject({ answers: 256, judges: 64 })
  expect(read('swarm.html')).toContain('fit, 256 answers, 64 judges')
  expect(read('swarm.md')).toMatch(/\| fit, 256 answers, 64 judges \| ≤ 100 ms \| [\d.]+ ms/)
  expect(read('swarm.md')).toContain('Not run: top1, cliques')
}, 240_000)
