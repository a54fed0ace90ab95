import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createHotkey } from '../../../shared/chain/wallet/create-hotkey.ts'
import { loadHotkey } from '../../../shared/chain/wallet/load-hotkey.ts'
import { obscurePassword, passwordVariable } from '../../../shared/chain/wallet/password.ts'
import vectors from '../../vectors/wallet/key-files.json' with { type: 'json' }

// Each derivation takes seconds and 512 MiB: the parameters are not ours to weaken.
const SLOW = { timeout: 180_000 }

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'starling-sealed-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(root, { recursive: true })
})

it('opens what it sealed, as a miner and a validator do at their start', SLOW, async () => {
  const { signer, file } = await createHotkey({ path: root }, 'a long password')
  const contents = await readFile(file)
  expect(contents.subarray(0, 5).toString()).toBe('$NACL')
  expect(contents.includes(signer.address)).toBe(false)
  await expect(loadHotkey({ path: root })).rejects.toMatchObject({ code: 'WALLET_ENCRYPTED' })
  const variable = passwordVariable(file)
  vi.stubEnv(variable, obscurePassword(variable, 'a long password'))
  expect((await loadHotkey({ path: root })).address).toBe(signer.address)
})

it('does not open with another password, nor when it is cut off', SLOW, async () => {
  const { file } = await createHotkey({ path: root })
  await writeFile(file, Buffer.from(vectors.naclBase64, 'base64'))
  const ask = () => Promise.resolve(`${vectors.password}!`)
  const wrong = { code: 'WALLET_PASSWORD_WRONG', message: expect.stringContaining(file) }
  await expect(loadHotkey({ path: root }, { env: {}, ask })).rejects.toMatchObject(wrong)
  await truncate(file, 5 + 24 + 15)
  await expect(loadHotkey({ path: root }, { env: {}, ask })).rejects.toMatchObject(wrong)
})
