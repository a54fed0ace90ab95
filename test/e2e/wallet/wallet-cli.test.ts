import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

async function wallet(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/wallet.ts', ...args])
  const out: string[] = []
  const err: string[] = []
  child.stdout.on('data', (data) => out.push(String(data)))
  child.stderr.on('data', (data) => err.push(String(data)))
  const [code] = await once(child, 'close')
  return { code, out: out.join(''), err: err.join('') }
}

it('makes a hotkey once, shows it without its secret, and says what is missing', {
  timeout: 120_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'starling-wallet-'))
  const path = ['--wallet.path', folder]
  const made = await wallet('new', ...path, '--json')
  const { address, phrase } = JSON.parse(made.out)
  const [shown, again, absent] = await Promise.all([
    wallet('show', ...path),
    wallet('new', ...path),
    wallet('show', ...path, '--wallet.hotkey', 'other'),
  ])
  expect(shown).toMatchObject({ code: 0, err: '' })
  expect(shown.out).toContain(address)
  expect(shown.out).not.toContain(phrase.split(' ')[0])
  expect(again).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^error WALLET_EXISTS: [^\n]+\n$/),
  })
  expect(absent).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^error WALLET_NOT_FOUND: [^\n]+\n$/),
  })
  await rm(folder, { recursive: true })
})
