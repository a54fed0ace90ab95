import { describe, expect, it } from 'vitest'
import type { Metagraph } from '../../../shared/chain/chain-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import { fromHex } from '../../../shared/proof/hash.ts'
import { createPeers, declaredModel } from '../../../validator/peers.ts'
import { testModel } from '../../support/participants.ts'

const registry = [testModel]
const signer = signerFromUri('//Alice')
const miner = signerFromUri('//Bob')

describe('declaredModel', () => {
  const offer = { name: 'test', hash: fromHex(testModel.hash), executionClass: testModel.executionClass }

  it('takes the first offer that can be verified', () => {
    const unknown = { ...offer, hash: new Uint8Array(32) }
    expect(declaredModel({ models: [unknown, offer] }, registry)).toBe(testModel)
  })

  it('takes neither an unknown model nor another execution class', () => {
    expect(declaredModel({ models: [{ ...offer, hash: new Uint8Array(32) }] }, registry)).toBeUndefined()
    expect(declaredModel({ models: [{ ...offer, executionClass: 'gpu-fp16' }] }, registry)).toBeUndefined()
  })
})

describe('participants', () => {
  const axon = { ip: '127.0.0.2', port: 1 }
  const metagraph = (neurons: object[]) => ({ neurons }) as unknown as Metagraph
  const self = { uid: 0, hotkey: signer.address, coldkey: 'a', axon }
  const known = { uid: 1, hotkey: miner.address, coldkey: 'b', axon }
  const peers = (modelBefore: string | undefined) =>
    createPeers({
      signer,
      registry,
      whyUnscored: () => new StarlingError('MODEL_UNDECLARED', 'the registry holds no such model'),
      modelBefore: () => modelBefore,
      signal: new AbortController().signal,
      log: silentLog(),
    })

  it('include a miner that cannot be reached, so that hanging up is not cheaper than missing', async () => {
    const [participant, ...others] = peers(testModel.hash).participants(metagraph([self, known]))
    expect(others).toEqual([])
    expect(participant).toMatchObject({ hotkey: miner.address, model: testModel })
    const asked = participant!.session.request(
      { type: 'reveal-request', id: new Uint8Array(32), beacon: new Uint8Array(32) },
      { timeoutMs: 10 },
    )
    await expect(asked).rejects.toMatchObject({ code: 'OFFLINE' })
  })

  it('leave out who never proved a model, serves no axon, or is the validator itself', () => {
    expect(peers(undefined).participants(metagraph([self, known]))).toEqual([])
    expect(peers('0xelse').participants(metagraph([known]))).toEqual([])
    expect(peers(testModel.hash).participants(metagraph([self, { ...known, axon: undefined }]))).toEqual([])
  })
})
