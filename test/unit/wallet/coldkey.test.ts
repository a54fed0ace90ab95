import { link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { coldkeyAddress } from '../../../shared/chain/wallet/coldkey.ts'
import { createHotkey } from '../../../shared/chain/wallet/create-hotkey.ts'
import { loadHotkey } from '../../../shared/chain/wallet/load-hotkey.ts'
import { resolveWallet } from '../../../shared/chain/wallet/wallet-path.ts'

const phrase = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk'
const address = '5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV'

let root: string
let coldkeyFile: string
let coldkeyPubFile: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'starling-coldkey-'))
  const paths = resolveWallet({ path: root }, {})
  coldkeyFile = paths.coldkeyFile
  coldkeyPubFile = paths.coldkeyPubFile
  await createHotkey({ path: root })
  await writeFile(coldkeyFile, phrase)
})
afterEach(() => rm(root, { recursive: true }))

describe('a coldkey', () => {
  const refused = { code: 'WALLET_COLDKEY', message: expect.stringContaining('never opened') }

  it.each(['coldkey', '../coldkey', 'ColdKey', '/wallets/me/coldkey'])(
    'is refused as hotkey %s',
    (hotkey) => {
      expect(() => resolveWallet({ hotkey }, {})).toThrow(expect.objectContaining(refused))
      expect(() => resolveWallet({}, { BT_WALLET_HOTKEY: hotkey })).toThrow(expect.objectContaining(refused))
    },
  )

  it('is refused as the wallets’ folder', () => {
    expect(() => resolveWallet({ path: '~/.bittensor/wallets/me/coldkey' }, {})).toThrow(
      expect.objectContaining(refused),
    )
  })

  it('is refused behind links of either kind, from this wallet and from others', async () => {
    const hotkeys = resolveWallet({ path: root }, {}).hotkeysDir
    await symlink('../coldkey', join(hotkeys, 'soft'))
    await link(coldkeyFile, join(hotkeys, 'hard'))
    const other = join(root, 'other', 'coldkey')
    await mkdir(dirname(other))
    await writeFile(other, phrase)
    await symlink(other, join(hotkeys, 'elsewhere'))
    for (const hotkey of ['soft', 'hard', 'elsewhere']) {
      await expect(loadHotkey({ path: root, hotkey })).rejects.toMatchObject(refused)
    }
  })

  it('leaves a hotkey beside it alone, and a link to another hotkey', async () => {
    const { hotkeysDir } = resolveWallet({ path: root }, {})
    await symlink('default', join(hotkeysDir, 'alias'))
    const { address: own } = await loadHotkey({ path: root })
    expect((await loadHotkey({ path: root, hotkey: 'alias' })).address).toBe(own)
  })
})

describe('coldkeypub.txt', () => {
  const read = () => coldkeyAddress(resolveWallet({ path: root }, {}))

  it('names the coldkey, where it is there', async () => {
    expect(await read()).toBeUndefined()
    await writeFile(coldkeyPubFile, JSON.stringify({ ss58Address: address, cryptoType: 1 }))
    expect(await read()).toBe(address)
    await writeFile(coldkeyPubFile, JSON.stringify({ ' ss58Address': address }))
    expect(await read()).toBe(address)
  })

  it.each(['', '{}', '[]', 'null', '{"ss58Address": "5abc"}', '{"ss58Address": 5}'])(
    'refuses %j',
    async (text) => {
      await writeFile(coldkeyPubFile, text)
      await expect(read()).rejects.toMatchObject({ code: 'WALLET_INVALID' })
    },
  )

  it('says when it cannot be read', async () => {
    await mkdir(coldkeyPubFile)
    await expect(read()).rejects.toMatchObject({ code: 'WALLET_UNREADABLE' })
  })
})
