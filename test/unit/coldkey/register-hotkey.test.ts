import { describe, expect, it } from 'vitest'
import { devColdkey } from '../../../scripts/coldkey/dev-coldkey.ts'
import { registerHotkey } from '../../../scripts/coldkey/register-hotkey.ts'
import type { ChainClient, RegisterLimitArgs } from '../../../shared/chain/chain-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'

const alice = signerFromUri('//Alice')
const args = { netuid: 3, hotkey: 'h', maxPrice: 10n }

/** A chain on which a registration costs 7 rao and gives uid 1. */
function chainWith(hotkeys: string[]) {
  const sent: RegisterLimitArgs[] = []
  const chain = {
    metagraph: async () => ({ neurons: hotkeys.map((hotkey, uid) => ({ hotkey, uid })) }),
    hyperparameters: async () => ({ burn: 7n }),
    registerLimit: async (_signer: unknown, given: RegisterLimitArgs) => {
      sent.push(given)
      hotkeys.push(given.hotkey)
      return { block: { number: 9, hash: '0x9' } }
    },
    unsignedCall: async () => ({ name: 'subtensorModule.registerLimit', call: '0x0786' }),
  } as unknown as ChainClient
  return { chain, sent }
}

describe('registering a hotkey', () => {
  it('tells the uid that it has already, and sends nothing', async () => {
    const { chain, sent } = chainWith(['other', 'h'])
    expect(await registerHotkey(chain, args, alice)).toEqual({ kind: 'already', uid: 1 })
    expect(sent).toEqual([])
  })

  it('sends the cap along, and tells the uid', async () => {
    const { chain, sent } = chainWith(['other'])
    expect(await registerHotkey(chain, args, alice)).toEqual({
      kind: 'registered',
      uid: 1,
      block: 9,
      price: 7n,
    })
    expect(sent).toEqual([args])
  })

  it('sends nothing above the cap, and takes the cap itself', async () => {
    const { chain, sent } = chainWith(['other'])
    await expect(registerHotkey(chain, { ...args, maxPrice: 6n }, alice)).rejects.toMatchObject({
      code: 'REGISTRATION_PRICE',
      message: 'a registration on subnet 3 costs 0.000000007 TAO now, --max-price is 0.000000006',
    })
    expect(sent).toEqual([])
    await registerHotkey(chain, { ...args, maxPrice: 7n }, alice)
    expect(sent).toHaveLength(1)
  })

  it('without a coldkey gives the price and the call, and sends nothing', async () => {
    const { chain, sent } = chainWith([])
    expect(await registerHotkey(chain, { ...args, maxPrice: 1n }, undefined)).toEqual({
      kind: 'unsigned',
      price: 7n,
      name: 'subtensorModule.registerLimit',
      call: '0x0786',
    })
    expect(sent).toEqual([])
  })
})

describe('a development coldkey', () => {
  const info = (specName: string) => ({ specName, specVersion: 1, genesisHash: '0x', marker: '0x' })

  it('signs on devnets only', () => {
    expect(devColdkey('//Alice', info('starling')).address).toBe(alice.address)
    expect(() => devColdkey('//Alice', info('node-subtensor'))).toThrow(
      expect.objectContaining({ code: 'COLDKEY_REFUSED' }),
    )
  })
})
