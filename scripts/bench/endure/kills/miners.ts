import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { engineAnswerer } from '../../../../miner/answerer.ts'
import { createHandler } from '../../../../miner/handler.ts'
import { judgeFor } from '../../../../miner/judging.ts'
import { createPending } from '../../../../miner/pending.ts'
import type { ChainClient } from '../../../../shared/chain/chain-client.ts'
import type { Signer } from '../../../../shared/chain/wallet/signer.ts'
import { startEngine } from '../../../../shared/inference/start-engine.ts'
import { systemClock } from '../../../../shared/process/clock.ts'
import { silentLog } from '../../../../shared/process/logging.ts'
import { fromHex } from '../../../../shared/proof/hash.ts'
import { readCalibration } from '../../../../shared/proof/sketch/read-calibration.ts'
import { startAxon } from '../../../../shared/protocol/axon-server.ts'

const PENDING_MS = 300_000

/** Miners with sockets of their own and one engine between them. They stay up while validators die. */
export async function startMiners(
  chain: ChainClient,
  netuid: number,
  signers: readonly Signer[],
  modelFolder: string,
  folder: string,
): Promise<{ close(): Promise<void> }> {
  const engine = await startEngine({ modelFolder, threads: 1 })
  const { model } = engine
  const calibration = await readCalibration(modelFolder, model.hash)
  const [clock, log] = [systemClock, silentLog()]
  const axons = await Promise.all(
    signers.map(async (signer, index) => {
      const parts = () => ({
        ...{ model, signer, randomBytes },
        pending: createPending<never>(1024, PENDING_MS, clock),
      })
      const axon = await startAxon({
        ...{ ip: `127.0.0.${index + 2}`, port: 0, signer, clock, log },
        models: [{ name: model.name, hash: fromHex(model.hash), executionClass: model.executionClass }],
        authorize: () => undefined,
        handle: createHandler({
          generation: {
            ...parts(),
            answerer: engineAnswerer(engine, signer.publicKey, calibration?.whitening),
          },
          judging: { ...parts(), judge: judgeFor(engine, signer.publicKey) },
          receipts: {
            ...{ hotkey: signer.address, folder: join(folder, signer.address), log },
            anchorOf: async () => undefined,
          },
          log,
        }),
      })
      await chain.serveAxon(signer, { netuid, ip: axon.ip, port: axon.port, version: 1 })
      return axon
    }),
  )
  return {
    async close() {
      await Promise.all(axons.map((axon) => axon.close()))
      await engine.close()
    },
  }
}
