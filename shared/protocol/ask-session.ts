import { StarlingError } from '../process/errors.ts'
import type { OnFrame } from './axon.ts'
import { CLOSE } from './close-codes.ts'
import { decodeReply } from './codec.ts'
import type { Connection } from './connection.ts'
import type { SessionLimits } from './limits.ts'
import type { ModelOffer, ReplyFor, RequestOf, RequestType } from './messages.ts'
import { createRequestTable } from './request-table.ts'
import type { RequestOptions, Session } from './session.ts'

/**
 * The validator's end of one connection, whoever dialled: waits for the miner's offer and the first ping, then asks.
 * @param hotkey ss58 address that the miner has proved
 * @throws StarlingError CLOSED
 */
export function askSession(
  connection: Connection,
  hotkey: string,
  limits: SessionLimits,
  onFrame?: OnFrame,
): Promise<Session> {
  const requests = createRequestTable(connection, hotkey, limits, onFrame)
  let offered = false

  return new Promise((resolve, reject) => {
    connection.receive((frame) => {
      const { seq, body } = decodeReply(frame)
      onFrame?.('in', body.type, frame.length)
      // Before the offer nothing was asked, so that any reply ends the connection.
      if (body.type !== 'offer') return requests.settle(seq, body)
      if (offered || seq !== 0) return connection.drop(CLOSE.badSequence)
      offered = true
      void connection.heartbeat.first.then(() => resolve(session(body.models)))
    })
    void connection.closed.then(({ code, reason }) => {
      reject(new StarlingError('CLOSED', `miner ${hotkey} hung up: ${code} ${reason}`))
    })
  })

  function session(models: readonly ModelOffer[]): Session {
    return {
      hotkey,
      models,
      // The table has checked that the reply's type belongs to the request's, which the compiler can't follow.
      request: <K extends RequestType>(message: RequestOf<K>, options: RequestOptions) =>
        requests.request(message, options) as Promise<ReplyFor<K>>,
      pingMs: () => connection.heartbeat.medianMs() ?? 0,
      closed: connection.closed,
      close: () => connection.drop(CLOSE.normal),
    }
  }
}
