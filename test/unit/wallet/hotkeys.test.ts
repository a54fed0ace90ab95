import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHotkey } from '../../../shared/chain/wallet/create-hotkey.ts'
import { loadHotkey } from '../../../shared/chain/wallet/load-hotkey.ts'
import { resolveWallet } from '../../../shared/chain/wallet/wallet-path.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'starling-wallet-'))
})
afterEach(() => rm(root, { recursive: true }))

const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)

describe('hotkeys on disk', () => {
  it('loads what it created, for the owner alone', async () => {
    const wallet = { name: 'miner', hotkey: 'one', path: join(root, 'wallets') }
    const created = await createHotkey(wallet)
    expect((await loadHotkey(wallet)).address).toBe(created.signer.address)
    expect(created.file).toBe(join(root, 'wallets/miner/hotkeys/one'))
    expect(await mode(created.file)).toBe('600')
    expect(await mode(join(root, 'wallets/miner/hotkeys'))).toBe('700')
    expect(await mode(join(root, 'wallets/miner'))).toBe('700')
    expect(await readFile(`${created.file}pub.txt`, 'utf8')).not.toContain('secret')
    expect(created.mnemonic.split(' ')).toHaveLength(12)
  })

  it('never overwrites a hotkey', async () => {
    const { signer } = await createHotkey({ path: root })
    await expect(createHotkey({ path: root })).rejects.toMatchObject({ code: 'WALLET_EXISTS' })
    expect((await loadHotkey({ path: root })).address).toBe(signer.address)
  })

  it('writes nothing when the public file of another hotkey is in the way', async () => {
    const { hotkeysDir, hotkeyFile, hotkeyPubFile } = resolveWallet({ path: root })
    await mkdir(hotkeysDir, { recursive: true })
    await writeFile(hotkeyPubFile, '{}')
    const inTheWay = { code: 'WALLET_EXISTS', message: expect.stringContaining(hotkeyPubFile) }
    await expect(createHotkey({ path: root })).rejects.toMatchObject(inTheWay)
    await expect(stat(hotkeyFile)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('says what is wrong with a file that it cannot read', async () => {
    await expect(loadHotkey({ path: root })).rejects.toMatchObject({ code: 'WALLET_NOT_FOUND' })
    const { hotkeysDir, hotkeyFile } = resolveWallet({ path: root })
    await mkdir(hotkeyFile, { recursive: true })
    await expect(loadHotkey({ path: root })).rejects.toMatchObject({ code: 'WALLET_UNREADABLE' })
    await writeFile(join(hotkeysDir, 'big'), Buffer.alloc(70_000))
    await expect(loadHotkey({ path: root, hotkey: 'big' })).rejects.toMatchObject({ code: 'WALLET_INVALID' })
  })
})

describe('wallet paths', () => {
  it('takes a flag before the environment before the default', () => {
    const env = { BT_WALLET_NAME: 'envname', BT_WALLET_HOTKEY: 'envhot', BT_WALLET_PATH: '~/elsewhere' }
    expect(resolveWallet({}, {}, '/home/me').hotkeyFile).toBe(
      '/home/me/.bittensor/wallets/default/hotkeys/default',
    )
    expect(resolveWallet({}, env, '/home/me').hotkeyFile).toBe('/home/me/elsewhere/envname/hotkeys/envhot')
    expect(resolveWallet({ name: 'a', hotkey: 'b', path: '/w' }, env, '/home/me').hotkeyFile).toBe(
      '/w/a/hotkeys/b',
    )
  })

  it.each(['', '..', '.', 'a/b', 'a\\b', 'a\0b'])('refuses the name %j', (name) => {
    expect(() => resolveWallet({ name }, {})).toThrow(/not allowed/)
    expect(() => resolveWallet({ hotkey: name }, {})).toThrow(/not allowed/)
  })
})
