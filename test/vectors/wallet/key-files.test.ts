import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { loadHotkey } from '../../../shared/chain/wallet/load-hotkey.ts'
import { obscurePassword, passwordVariable } from '../../../shared/chain/wallet/password.ts'
import { verifySignature } from '../../../shared/chain/wallet/signer.ts'
import { resolveWallet } from '../../../shared/chain/wallet/wallet-path.ts'
import vectors from './key-files.json' with { type: 'json' }

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'starling-vectors-'))
})
afterEach(() => rm(root, { recursive: true }))

async function load(contents: string | Uint8Array, password = vectors.password) {
  const { hotkeysDir, hotkeyFile } = resolveWallet({ path: root }, {})
  await mkdir(hotkeysDir, { recursive: true })
  await writeFile(hotkeyFile, contents)
  return loadHotkey({ path: root }, { env: {}, ask: () => Promise.resolve(password) })
}

const message = new TextEncoder().encode('vector')

describe(`key files of ${vectors.writer}`, () => {
  it('are read plain', async () => {
    expect((await load(vectors.plain)).address).toBe(vectors.address)
  })

  it('sign with nothing but a private key', async () => {
    const signer = await load(vectors.privateKeyOnly)
    expect(signer.address).toBe(signerFromUri('//Alice').address)
    expect(verifySignature(message, signer.sign(message), signer.address)).toBe(true)
  })

  it('are opened when encrypted with NaCl', { timeout: 240_000 }, async () => {
    expect((await load(Buffer.from(vectors.naclBase64, 'base64'))).address).toBe(vectors.address)
  })

  it.each([
    ['WALLET_ENCRYPTED', 'Ansible vault', vectors.ansible],
    ['WALLET_KEY_TYPE', 'ed25519', vectors.ed25519],
    ['WALLET_NO_SECRET', 'no secret', vectors.publicOnly],
  ])('are refused with %s: %s', async (code, named, contents) => {
    await expect(load(contents)).rejects.toMatchObject({ code, message: expect.stringContaining(named) })
  })

  it('have their password in this variable, in this form', () => {
    const { file, name, value } = vectors.variable
    expect(passwordVariable(file)).toBe(name)
    expect(obscurePassword(name, vectors.password)).toBe(value)
  })
})
