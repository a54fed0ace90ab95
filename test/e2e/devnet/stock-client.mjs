// A client that knows nothing of this project: the published @polkadot/api with its defaults.
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api'

const [, , url] = process.argv
const api = await ApiPromise.create({ provider: new WsProvider(url) })
const keys = new Keyring({ type: 'sr25519', ss58Format: 42 })
const [alice, bob, hotkey] = ['//Alice', '//Bob', '//Alice/stock'].map((uri) => keys.addFromUri(uri))

async function finalized(account, call) {
  const nonce = await api.rpc.system.accountNextIndex(account.address)
  return new Promise((resolve, reject) => {
    const seen = []
    call
      .signAndSend(account, { nonce }, ({ status, dispatchError }) => {
        seen.push(status.type)
        if (dispatchError) reject(new Error(dispatchError.toString()))
        if (status.isFinalized) resolve(seen)
      })
      .catch(reject)
  })
}

const { subtensorModule, adminUtils, balances, sudo } = api.tx
const transfer = await finalized(alice, balances.transferKeepAlive(bob.address, 1_000_000_000n))
await finalized(alice, subtensorModule.registerNetwork(hotkey.address))
await finalized(alice, sudo.sudo(adminUtils.sudoSetMinAllowedWeights(1, 1)))
await finalized(alice, sudo.sudo(adminUtils.sudoSetWeightsSetRateLimit(1, 0)))
// A hotkey may always weigh itself, so this needs no permit.
const setWeights = await finalized(hotkey, subtensorModule.setWeights(1, [0], [65_535], 0))
const metagraph = (await api.call.subnetInfoRuntimeApi.getMetagraph(1)).toJSON()
const { data } = await api.query.system.account(bob.address)

console.log(JSON.stringify({ transfer, setWeights, hotkeys: metagraph.hotkeys, bob: data.free.toString() }))
await api.disconnect()
