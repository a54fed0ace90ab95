import { blake2AsU8a, decodeAddress } from '@polkadot/util-crypto'
import { z } from 'zod'
import { VERSION } from '../../../process/version.ts'
import { concatBytes, fromHex, littleEndian, scaleReader, toHex } from '../runtime/scale.ts'
import { blockOf, hashParam, hexParam, type Method, parseParams, stateOf } from './method.ts'
import { INVALID_PARAMS, RpcError } from './rpc-error.ts'

/** Storage prefix of frame_system's `Account`, whose values begin with the nonce (u32). */
const SYSTEM_ACCOUNT = '0x26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9'

const accountNextIndex: Method = (chain, params) => {
  const [address] = parseParams(z.tuple([z.string()]), params)
  const account = publicKey(address)
  const key = concatBytes(fromHex(SYSTEM_ACCOUNT), blake2AsU8a(account, 128), account)
  const stored = chain.state().get(toHex(key))
  let nonce = stored === undefined ? 0 : Number(scaleReader(fromHex(stored)).uint(4))
  // A signed transaction provides the tag (account, nonce).
  const pending = chain.pool.provided()
  while (pending.has(toHex(concatBytes(account, littleEndian(nonce, 4))))) nonce++
  return nonce
}

const dryRun: Method = (chain, params) => {
  const [transaction, hash] = parseParams(z.tuple([hexParam, hashParam]), params)
  return chain.dryRun(transaction, blockOf(chain, hash), stateOf(chain, hash))
}

const queryInfo: Method = async (chain, params) => {
  const [transaction, hash] = parseParams(z.tuple([hexParam, hashParam]), params)
  const bytes = Buffer.from(transaction.slice(2), 'hex')
  const argument = concatBytes(bytes, littleEndian(bytes.length, 4))
  const call = ['TransactionPaymentApi_query_info', argument] as const
  const reader = scaleReader((await chain.executor.run(stateOf(chain, hash), [call])).result)
  const weight = { ref_time: Number(reader.compact()), proof_size: Number(reader.compact()) }
  const classes = ['normal', 'operational', 'mandatory']
  const dispatchClass = classes[reader.byte()]
  const fee = reader.rest()
  return { weight, class: dispatchClass, partialFee: scaleReader(fee).uint(fee.length).toString() }
}

export const systemMethods: Readonly<Record<string, Method>> = {
  system_name: () => 'Starling devnet',
  system_version: () => VERSION,
  system_chain: () => 'Starling devnet',
  system_chainType: () => 'Development',
  system_properties: () => ({ ss58Format: 42, tokenDecimals: 9, tokenSymbol: 'TAO' }),
  system_health: () => ({ peers: 0, isSyncing: false, shouldHavePeers: false }),
  system_peers: () => [],
  system_nodeRoles: () => ['Authority'],
  system_localListenAddresses: () => [],
  system_syncState: ({ history: { head } }) => ({
    startingBlock: 0,
    currentBlock: head.number,
    highestBlock: head.number,
  }),
  system_accountNextIndex: accountNextIndex,
  account_nextIndex: accountNextIndex,
  system_dryRun: dryRun,
  payment_queryInfo: queryInfo,
}

function publicKey(address: string): Uint8Array {
  try {
    return decodeAddress(address)
  } catch {
    throw new RpcError(INVALID_PARAMS, 'Invalid params', `${address} is not an address`)
  }
}
