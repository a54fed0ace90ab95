import type { AdminHyperparameters, ChainAdmin } from '../chain-client.ts'
import { bindCall, incompatible } from './metadata.ts'
import type { Session } from './operations.ts'
import { ADMIN_CALLS, type CallEntry, type SingleHyperparameter } from './spec-table.ts'
import { finalizedHash, readStorage } from './state-reader.ts'

/** Root's operations, each call wrapped in sudo. */
export function createAdmin(session: Session): ChainAdmin {
  return {
    async setHyperparameters(signer, netuid, values) {
      const { alphaLow, alphaHigh, ...single } = values
      const wants = Object.entries(single)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]): Want => [ADMIN_CALLS[name as SingleHyperparameter], [value]])
      if (alphaLow !== undefined || alphaHigh !== undefined) {
        wants.push([ADMIN_CALLS.alphaValues, await bothAlphas(session, netuid, { alphaLow, alphaHigh })])
      }
      // All calls are made before the first is sent: a runtime that lacks one gets none.
      const calls = wants.map(([entry, given]) => sudo(session, entry, netuid, given))
      return Promise.all(calls.map(async (call) => (await session.submitter.submit(signer, call)).receipt))
    },
  }
}

type Want = readonly [entry: CallEntry, values: readonly unknown[]]
type Alphas = { [Name in 'alphaLow' | 'alphaHigh']: AdminHyperparameters[Name] | undefined }

function sudo(session: Session, entry: CallEntry, netuid: number, values: readonly unknown[]) {
  const names = entry.shapes[0]?.args.map((arg) => arg.split(':')[0] ?? arg) ?? []
  const named = Object.fromEntries(names.map((name, i) => [name, [netuid, ...values][i]]))
  const wrap = session.api.tx.sudo?.sudo
  if (wrap === undefined) throw incompatible('call sudo.sudo is missing')
  return wrap(bindCall(session.api, entry, named))
}

/** The chain sets both alphas at once; the one that is not given stays as it is. */
async function bothAlphas(session: Session, netuid: number, { alphaLow, alphaHigh }: Alphas) {
  if (alphaLow !== undefined && alphaHigh !== undefined) return [alphaLow, alphaHigh]
  const { api, connection } = session
  const [[low, high]] = await readStorage(api, connection, await finalizedHash(connection), [
    ['alphaValues', netuid],
  ])
  return [alphaLow ?? low, alphaHigh ?? high]
}
