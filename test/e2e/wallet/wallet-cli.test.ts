import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { resolveWallet } from '../../../shared/chain/wallet/wallet-path.ts'

const SLOW = { timeout: 240_000 }

async function run({ args, input, env }: { args: string[]; input?: string; env?: Record<string, string> }) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/wallet.ts', ...args], {
    env: { ...process.env, ...env },
  })
  const out: string[] = []
  const err: string[] = []
  child.stdout.on('data', (data) => out.push(String(data)))
  child.stderr.on('data', (data) => err.push(String(data)))
  child.stdin.end(input ?? '')
  const [code] = await once(child, 'close')
  return { code, out: out.join(''), err: err.join('') }
}

const failure = (code: string) => ({
  code: 1,
  out: '',
  err: expect.stringMatching(new RegExp(`^error ${code}: [^\\n]+\\n$`)),
})

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-wallet-'))
})
afterAll(() => rm(folder, { recursive: true }))

const wallet = (command: string, ...args: string[]) =>
  run({ args: [command, '--wallet.path', folder, ...args] })

it('makes a hotkey once, shows it without its secret, and says what is missing', SLOW, async () => {
  const made = await wallet('new', '--json')
  const { address, phrase } = JSON.parse(made.out)
  const { coldkeyPubFile, coldkeyFile, hotkeysDir } = resolveWallet({ path: folder }, {})
  await writeFile(coldkeyPubFile, JSON.stringify({ ss58Address: address }))
  await writeFile(coldkeyFile, phrase)
  await symlink(coldkeyFile, join(hotkeysDir, 'linked'))
  const [shown, again, absent, linked] = await Promise.all([
    wallet('show'),
    wallet('new'),
    wallet('show', '--wallet.hotkey', 'other'),
    wallet('sign', '--wallet.hotkey', 'linked', 'message'),
  ])
  expect(shown).toMatchObject({ code: 0, err: '' })
  expect(shown.out).toContain(`address ${address}`)
  expect(shown.out).toContain(`coldkey ${address}`)
  expect(shown.out).toContain('encryption none')
  expect(shown.out).not.toContain(phrase.split(' ')[0])
  expect(again).toMatchObject(failure('WALLET_EXISTS'))
  expect(absent).toMatchObject(failure('WALLET_NOT_FOUND'))
  expect(linked).toMatchObject(failure('WALLET_COLDKEY'))
})

it('signs what it is given, as text or as a stream, and checks signatures', SLOW, async () => {
  const key = ['--wallet.path', folder, '--wallet.hotkey', 'signer']
  const { address } = JSON.parse((await run({ args: ['new', ...key, '--json'] })).out)
  const [text, stream] = await Promise.all([
    run({ args: ['sign', ...key, 'a message'] }),
    run({ args: ['sign', ...key, '--json'], input: 'a message' }),
  ])
  expect(text).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^0x[0-9a-f]{128}\n$/) })
  const { address: signer, signature } = JSON.parse(stream.out)
  expect(signer).toBe(address)
  const verify = (message: string, hex: string, input?: string) =>
    run({
      args: ['verify', '--address', address, '--signature', hex, ...(message ? [message] : [])],
      ...(input && { input }),
    })
  const [ofStream, ofText, changed] = await Promise.all([
    verify('a message', signature),
    verify('', text.out.trim(), 'a message'),
    verify('another message', signature),
  ])
  expect(ofStream).toMatchObject({ code: 0, out: 'valid\n' })
  expect(ofText).toMatchObject({ code: 0, out: 'valid\n' })
  expect(changed).toMatchObject(failure('SIGNATURE_INVALID'))
})

it('makes an encrypted hotkey, and opens it with the variable that it prints', SLOW, async () => {
  const args = ['--wallet.path', folder, '--wallet.hotkey', 'sealed', '--json']
  const printed = await run({ args: ['password', ...args], input: 'a long password\n' })
  const { variable, value } = JSON.parse(printed.out)
  const env = { [variable]: value }
  const made = await run({ args: ['new', '--encrypt', ...args], env })
  const { address, phrase, file } = JSON.parse(made.out)
  const shown = await run({ args: ['show', ...args], env })
  expect(JSON.parse(shown.out)).toMatchObject({ address, file, encryption: 'NaCl' })
  expect(shown.out).not.toContain(phrase.split(' ')[0])
})
