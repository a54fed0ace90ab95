import { z } from 'zod'
import type { ChainClient, UnsignedCalls } from '../chain-client.ts'
import type { Signer } from '../wallet/signer.ts'
import { ipToChain } from './axon-ip.ts'
import { marksToChain } from './axon-marks.ts'
import { anchorReceipt, blockSchema } from './block.ts'
import { commitmentInfo } from './commitment.ts'
import { deferred } from './deferred.ts'
import { bindCall } from './metadata.ts'
import type { Session } from './operations.ts'
import { CALLS, type CallName } from './spec-table.ts'

type Writes = Pick<
  ChainClient,
  | 'setWeights'
  | 'commitWeights'
  | 'revealWeights'
  | 'commitTimelockedWeights'
  | 'anchor'
  | 'serveAxon'
  | 'burnedRegister'
  | 'registerLimit'
  | 'unsignedCall'
  | 'addStake'
  | 'removeStake'
  | 'transfer'
  | 'registerNetwork'
>

type Encoded = [name: CallName, values: Record<string, unknown>]

/** Each call with its arguments by the runtime's names. Mechanism 0 uses the plain calls, which every runtime has. */
const ENCODE: { [K in keyof UnsignedCalls]: (args: UnsignedCalls[K]) => Encoded } = {
  setWeights({ netuid, mechanism = 0, uids, weights, versionKey }) {
    const values = { netuid, mecid: mechanism, dests: uids, weights, versionKey }
    return [mechanism === 0 ? 'setWeights' : 'setMechanismWeights', values]
  },
  commitWeights({ netuid, mechanism = 0, commitHash }) {
    const values = { netuid, mecid: mechanism, commitHash }
    return [mechanism === 0 ? 'commitWeights' : 'commitMechanismWeights', values]
  },
  commitTimelockedWeights({ netuid, mechanism = 0, commit, revealRound, version }) {
    // The library reads a Uint8Array as an encoding with its length in front.
    const bytes = `0x${Buffer.from(commit).toString('hex')}`
    const values = { netuid, mecid: mechanism, commit: bytes, revealRound, commitRevealVersion: version }
    return [mechanism === 0 ? 'commitTimelockedWeights' : 'commitTimelockedMechanismWeights', values]
  },
  registerLimit: ({ netuid, hotkey, maxPrice }) => [
    'registerLimit',
    { netuid, hotkey, limitPrice: maxPrice },
  ],
}

/** The port's operations that sign. */
export function createWrites(session: Session): Writes {
  const submit = async (signer: Signer, name: CallName, values: Record<string, unknown>) =>
    session.submitter.submit(signer, bindCall(session.api, CALLS[name], values))
  const send = async (signer: Signer, name: CallName, values: Record<string, unknown>) =>
    (await submit(signer, name, values)).receipt

  return {
    setWeights: (signer, args) => send(signer, ...ENCODE.setWeights(args)),
    commitWeights: (signer, args) => send(signer, ...ENCODE.commitWeights(args)),
    revealWeights(signer, { netuid, mechanism = 0, uids, weights, salt, versionKey }) {
      const values = { netuid, mecid: mechanism, uids, values: weights, salt, versionKey }
      return send(signer, mechanism === 0 ? 'revealWeights' : 'revealMechanismWeights', values)
    },
    commitTimelockedWeights: (signer, args) => send(signer, ...ENCODE.commitTimelockedWeights(args)),
    registerLimit: (signer, args) => send(signer, ...ENCODE.registerLimit(args)),
    async unsignedCall(kind, args) {
      const [name, values] = ENCODE[kind](args)
      const { method } = bindCall(session.api, CALLS[name], values)
      return { name: `${method.section}.${method.method}`, call: method.toHex() }
    },
    async anchor(signer, netuid, data, signal) {
      signal?.throwIfAborted()
      const included = submit(signer, 'setCommitment', { netuid, info: commitmentInfo(data) })
      const { receipt, block, index } = await untilAborted(included, signal)
      return anchorReceipt(receipt.block.hash, blockSchema.parse(block), index)
    },
    async serveAxon(signer, { netuid, ip, port, version, ...marks }) {
      const values = { netuid, version, port, ...ipToChain(ip), ...marksToChain(marks) }
      return send(signer, 'serveAxon', values)
    },
    burnedRegister: (signer, { netuid, hotkey }) => send(signer, 'burnedRegister', { netuid, hotkey }),
    addStake: (signer, { netuid, hotkey, amount }) =>
      send(signer, 'addStake', { hotkey, netuid, amountStaked: amount }),
    removeStake: (signer, { netuid, hotkey, amount }) =>
      send(signer, 'removeStake', { hotkey, netuid, amountUnstaked: amount }),
    transfer: (signer, { to, amount }) => send(signer, 'transfer', { dest: to, value: amount }),
    async registerNetwork(signer, { hotkey }) {
      const { receipt, events } = await submit(signer, 'registerNetwork', { hotkey })
      const added = events.find(
        ({ event }) => event.section === 'subtensorModule' && event.method === 'NetworkAdded',
      )
      return { ...receipt, netuid: z.number().parse(added?.event.data[0]?.toJSON()) }
    },
  }
}

/** Throws the signal's reason once it is aborted; what was sent stays sent. */
async function untilAborted<T>(outcome: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return outcome
  const aborted = deferred<never>()
  const stop = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([outcome, aborted.promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
