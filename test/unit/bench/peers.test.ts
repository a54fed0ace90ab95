import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { measureAgreement } from '../../../scripts/bench/engine/peers/agreement.ts'
import { startDriver } from '../../../scripts/bench/engine/peers/driver-process.ts'
import { installPeer } from '../../../scripts/bench/engine/peers/install.ts'
import { drivenPeer } from '../../../scripts/bench/engine/peers/peer.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-peers-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function driverOf(methods: string) {
  const peers = join(import.meta.dirname, '../../../scripts/bench/engine/peers/json-lines.mjs')
  const file = join(folder, `${Math.random()}.mjs`)
  const code = `import { serveJsonLines } from ${JSON.stringify(pathToFileURL(peers).href)}\nawait serveJsonLines({ ${methods} })\n`
  await writeFile(file, code)
  return startDriver(file)
}

describe('driver of a peer', () => {
  test('answers calls in order, whatever libraries print', async () => {
    const driver = await driverOf(`
      double: async ({ value }) => { console.log('{"id":0,"result":9}'); process.stdout.write('noise\\nnull\\n{"id":"x"}\\n'); return 2 * value },
      fail: () => { throw new Error('no such model') },
    `)
    const calls = [1, 2, 3].map((value) => driver.call('double', { value }))
    await expect(Promise.all(calls)).resolves.toEqual([2, 4, 6])
    await expect(driver.call('fail', {})).rejects.toMatchObject({
      code: 'PEER_FAILED',
      message: expect.stringContaining('no such model'),
    })
    await expect(driver.call('double', { value: 4 })).resolves.toBe(8)
    await driver.close()
  })

  test('a peer that dies fails its calls with its last words, at once and later', async () => {
    const driver = await driverOf(`die: () => { console.error('out of memory'); process.exit(3) }`)
    const dead = { code: 'PEER_FAILED', message: expect.stringContaining('out of memory') }
    await expect(driver.call('die', {})).rejects.toMatchObject(dead)
    await expect(driver.call('die', {})).rejects.toMatchObject(dead)
    await driver.close()
  })
})

test('a peer does each job in its fastest way, and says how fast the others were', async () => {
  const asked: string[] = []
  const speed: Record<string, number> = { slow: 400, quick: 100, batch: 50 }
  const driver = {
    async call(_method: string, params: unknown) {
      const { strategy, prompts } = params as { strategy: string; prompts: unknown[] }
      asked.push(`${strategy} ${prompts.length}`)
      return { ms: speed[strategy]!, answers: prompts.map(() => [1, 2]) } as never
    },
    close: async () => {},
  }
  const ways = {
    modes: { b1: ['slow', 'quick'], c16: ['slow', 'quick'], batch16: ['slow', 'batch'] },
    greedy: 'slow',
  }
  const peer = await drivenPeer(driver, ways, { temperature: 1, trials: 2 }, driver.close)
  expect([...peer.trials.keys()]).toEqual(['b1', 'c16', 'batch16'])
  expect(peer.trials.get('b1')).toEqual([
    { way: 'quick', tokensPerSecond: 20 },
    { way: 'slow', tokensPerSecond: 5 },
  ])
  asked.length = 0
  expect(await peer.run('b1')).toEqual({ ms: 100, tokens: 2 })
  expect(await peer.run('c16')).toEqual({ ms: 100, tokens: 32 })
  expect(await peer.run('batch16')).toEqual({ ms: 50, tokens: 32 })
  expect(asked).toEqual(['quick 1', 'quick 16', 'batch 16'])
  const untried = await drivenPeer(driver, ways, { temperature: 1, trials: 0 }, driver.close)
  asked.length = 0
  expect(untried.trials.get('c16')).toEqual([])
  await untried.run('c16')
  expect(asked).toEqual(['slow 16'])
})

test('agreement counts tokens up to the first that differs, and forgives what follows our EOS', async () => {
  const answers = [
    [5, 6, 257],
    [7, 8, 9],
    [4, 4],
    [3, 3],
  ]
  const engine = {
    generate: async ({ promptTokens }: { promptTokens: readonly number[] }) => ({
      tokens: answers[promptTokens[0]!]!,
      text: '',
      finish: 'stop' as const,
    }),
  }
  const theirs = [[5, 6, 257, 1, 1], [7, 3, 9], [4, 4, 1], [3]]
  const agreement = await measureAgreement(engine, { greedy: async () => theirs }, [[0], [1], [2], [3]], 5)
  expect(agreement).toEqual({ answers: 4, equal: 2, tokens: 10, equalTokens: 7 })
})

test('a peer that can not be installed is named with the reason, and leaves nothing behind', async () => {
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9/')
  vi.stubEnv('npm_config_fetch_retries', '0')
  const cache = join(folder, 'cache')
  await expect(installPeer({ name: '@none/peer', version: '1.2.3' }, cache)).rejects.toMatchObject({
    code: 'PEER_UNAVAILABLE',
    message: expect.stringMatching(/^can't install @none\/peer@1\.2\.3: .*127\.0\.0\.1:9/),
    remedy: expect.stringContaining('registry'),
  })
  expect(await readdir(cache)).toEqual([])
  vi.unstubAllEnvs()
})
