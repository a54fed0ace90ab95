// A client that knows nothing of this project: the published @polkadot/api with its defaults.
import { ApiPromise, Keyring, SubmittableResult, WsProvider } from '@polkadot/api'

const [, , url] = process.argv
const api = await ApiPromise.create({ provider: new WsProvider(url) })
const keys = new Keyring({ type: 'sr25519', ss58Format: 42 })
const [alice, bob, hotkey] = ['//Alice', '//Bob', '//Alice/stock'].map((uri) => keys.addFromUri(uri))

// Statuses as they come over the wire: `signAndSend` drops "in a block" where the next status comes while it still reads the block.
async function finalized(account, call) {
  const nonce = await api.rpc.system.accountNextIndex(account.address)
  await call.signAsync(account, { nonce })
  const seen = []
  const block = await new Promise((resolve, reject) => {
    api.rpc.author
      .submitAndWatchExtrinsic(call, (status) => {
        seen.push(status.type)
        if (status.isFinalized) resolve(status.asFinalized)
      })
      .catch(reject)
  })
  const { isCompleted, dispatchError } = await outcome(call, block)
  if (!isCompleted) throw new Error(`not successful: ${dispatchError}`)
  return seen
}

async function outcome(call, hash) {
  const { block, events } = await api.derive.tx.events(hash)
  const index = block.block.extrinsics.findIndex((extrinsic) => extrinsic.hash.eq(call.hash))
  return new SubmittableResult({
    events: events.filter(({ phase }) => phase.isApplyExtrinsic && phase.asApplyExtrinsic.eq(index)),
    status: api.createType('ExtrinsicStatus', { Finalized: hash }),
    txHash: call.hash,
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
