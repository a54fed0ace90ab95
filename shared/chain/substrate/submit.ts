import type { ApiPromise } from '@polkadot/api'
import type { SubmittableExtrinsic } from '@polkadot/api/types'
import type { DispatchError, EventRecord, ExtrinsicEra } from '@polkadot/types/interfaces'
import type { Codec } from '@polkadot/types/types'
import type { Result, Vec } from '@polkadot/types-codec'
import { z } from 'zod'
import { StarlingError } from '../../process/errors.ts'
import type { Receipt } from '../chain-client.ts'
import type { Signer } from '../wallet/signer.ts'
import { storageKey } from './metadata.ts'
import { dispatchRejection, poolRejection } from './rejection.ts'
import { isRpcReply, type RpcConnection } from './rpc-connection.ts'

/** Type byte of an sr25519 MultiSignature. */
const SR25519 = 1

/** Blocks after which a transaction that is in none can no longer get into one. */
const MORTAL_BLOCKS = 64

const headerSchema = z.object({ number: z.string() })
const blockSchema = z.object({ block: z.object({ header: headerSchema, extrinsics: z.array(z.string()) }) })

/** A transaction in a finalized block, with the events that it caused. */
export interface Included {
  receipt: Receipt
  events: readonly EventRecord[]
}

/** Signs transactions and sees them through to a finalized block. */
export interface Submitter {
  /**
   * Fails with a readable error for every way in which the chain can refuse. After `CHAIN_TIMEOUT` or
   * `CHAIN_UNREACHABLE` the transaction may still get into a block.
   */
  submit(signer: Signer, call: SubmittableExtrinsic<'promise'>): Promise<Included>
}

const statusSchema = z.union([
  z.string(),
  z.record(z.string(), z.unknown()).transform((status) => Object.entries(status)[0] ?? ['', undefined]),
])
type Status = z.infer<typeof statusSchema>

export function createSubmitter(api: ApiPromise, connection: RpcConnection, timeoutMs: number): Submitter {
  /** The last transaction of each account on its way into the pool: the next nonce is known only after it. */
  const queues = new Map<string, Promise<unknown>>()

  const inTurn = <T>(address: string, work: () => Promise<T>): Promise<T> => {
    const turn = (queues.get(address) ?? Promise.resolve()).then(work, work)
    queues.set(address, turn)
    return turn
  }

  const send = async (signer: Signer, call: SubmittableExtrinsic<'promise'>, watcher: Watcher) => {
    const blockHash = z.string().parse(await connection.request('chain_getFinalizedHead', []))
    const [header, nonce] = await Promise.all([
      connection.request('chain_getHeader', [blockHash]).then((raw) => headerSchema.parse(raw)),
      connection.request('system_accountNextIndex', [signer.address]).then((raw) => z.number().parse(raw)),
    ])
    // Given an era, the library asks the node for nothing more.
    const era = api.registry.createType<ExtrinsicEra>('ExtrinsicEra', {
      current: Number(header.number),
      period: MORTAL_BLOCKS,
    })
    const options = { nonce, era, blockHash }
    const signed = await connection.within('signing', call.signAsync(keyringPair(signer), options))
    const watched = connection.provider.subscribe(
      'author_extrinsicUpdate',
      'author_submitAndWatchExtrinsic',
      [signed.toHex()],
      (error, status) => watcher.update(error, statusSchema.parse(status)),
    )
    const subscription = await connection.within('submitting', watched).catch((error) => {
      throw isRpcReply(error) ? poolRejection(nameOf(call), splitMessage(error)) : error
    })
    return { hash: signed.hash.toHex(), encoded: signed.toHex(), subscription }
  }

  return {
    async submit(signer, call) {
      const name = nameOf(call)
      const watcher = createWatcher(name)
      const stopLost = connection.onLost(() => watcher.fail(lostError(name)))
      try {
        const { hash, encoded, subscription } = await inTurn(signer.address, () =>
          send(signer, call, watcher),
        )
        const block = await connection
          .within(`${name} in a finalized block`, watcher.finalized, timeoutMs)
          .finally(() => unwatch(connection, subscription))
        return await readOutcome(api, connection, { name, hash, encoded, block })
      } finally {
        stopLost()
        // Nobody may be waiting for it when sending failed.
        watcher.finalized.catch(() => {})
      }
    },
  }
}

interface Watcher {
  readonly finalized: Promise<string>
  update(error: Error | null, status: Status): void
  fail(error: unknown): void
}

/** Follows a transaction's status until it is in a finalized block (its hash) or can never be. */
function createWatcher(name: string): Watcher {
  const { promise, resolve, reject } = deferred<string>()
  return {
    finalized: promise,
    fail: reject,
    update(error, status) {
      if (error !== null) return reject(error)
      const [kind, detail] = typeof status === 'string' ? [status, undefined] : status
      if (kind === 'finalized') return resolve(String(detail))
      if (['invalid', 'dropped', 'usurped', 'finalityTimeout'].includes(String(kind))) {
        reject(new StarlingError('CHAIN_REJECTED', `the chain did not take ${name}: ${kind}`, 'try again'))
      }
    },
  }
}

async function readOutcome(
  api: ApiPromise,
  connection: RpcConnection,
  { name, hash, encoded, block }: { name: string; hash: string; encoded: string; block: string },
): Promise<Included> {
  const [body, stored] = await Promise.all([
    connection.request('chain_getBlock', [block]),
    connection.request('state_getStorage', [storageKey(api, 'system', 'events'), block]),
  ])
  const { header, extrinsics } = blockSchema.parse(body).block
  const index = extrinsics.indexOf(encoded)
  const all = api.registry.createType<Vec<EventRecord>>(
    'Vec<EventRecord>',
    z.string().nullable().parse(stored) ?? undefined,
  )
  const events = all.filter(({ phase }) => phase.isApplyExtrinsic && phase.asApplyExtrinsic.eqn(index))
  const failure = failureIn(api, events)
  if (failure !== undefined) throw dispatchRejection(name, failure)
  return { receipt: { txHash: hash, block: { number: Number(header.number), hash: block } }, events }
}

/** Name of the error that a transaction ended with, also of a call made through sudo. */
function failureIn(api: ApiPromise, events: readonly EventRecord[]): string | undefined {
  for (const { event } of events) {
    if (event.section === 'system' && event.method === 'ExtrinsicFailed') {
      return errorName(api, event.data[0] as DispatchError)
    }
    if (event.section === 'sudo' && event.method === 'Sudid') {
      const result = api.registry.createType<Result<Codec, DispatchError>>(
        'Result<Null, DispatchError>',
        event.data[0]?.toU8a(),
      )
      if (result.isErr) return errorName(api, result.asErr)
    }
  }
  return undefined
}

function errorName(api: ApiPromise, error: DispatchError): string {
  if (error.isModule) return api.registry.findMetaError(error.asModule).name
  // FundsUnavailable and Underflow say more than Token and Arithmetic.
  if (error.isToken) return error.asToken.type
  return error.isArithmetic ? error.asArithmetic.type : error.type
}

/** What the library signs with: a pair that keeps its secret to itself. */
function keyringPair({ address, publicKey, sign }: Signer) {
  return {
    address,
    addressRaw: publicKey,
    publicKey,
    sign: (message: Uint8Array, options?: { withType?: boolean }) =>
      options?.withType ? Uint8Array.of(SR25519, ...sign(message)) : sign(message),
  }
}

function unwatch(connection: RpcConnection, subscription: number | string): void {
  const method = 'author_unwatchExtrinsic'
  connection.provider.unsubscribe('author_extrinsicUpdate', method, subscription).catch(() => {})
}

/** The library folds code, message and data into one text: `1010: Invalid Transaction: Transaction is outdated`. */
function splitMessage(error: { code: number; message: string; data?: unknown }) {
  const message = error.message.replace(/^-?\d+: /, '')
  const tail = typeof error.data === 'string' ? `: ${error.data}` : ''
  return {
    ...error,
    message: message.endsWith(tail) ? message.slice(0, message.length - tail.length) : message,
    data: error.data,
  }
}

function nameOf({ method }: SubmittableExtrinsic<'promise'>): string {
  return `${method.section}.${method.method}`
}

function lostError(name: string): StarlingError {
  const message = `the connection was lost before ${name} was final; it may still get into a block`
  return new StarlingError('CHAIN_UNREACHABLE', message, 'check the chain before you try again')
}

function deferred<T>() {
  let resolve!: (value: T) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<T>((res, rej) => {
    resolve = res
    reject = rej
  })
  return { promise, resolve, reject }
}
