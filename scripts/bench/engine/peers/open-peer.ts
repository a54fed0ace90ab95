import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LoadedModel, loadModel } from '../../../../shared/inference/model/folder.ts'
import { openBareLoop } from './bare-loop.ts'
import { type Driver, startDriver } from './driver-process.ts'
import { openLlamaCpp } from './llamacpp.ts'
import { drivenPeer, type Peer, type Ways } from './peer.ts'
import { openTransformersJs } from './transformersjs.ts'

/** Makes a driver's files in `scratch` and starts it with what its `load` needs besides the number of threads. */
export type OpenDriver = (
  model: LoadedModel,
  scratch: string,
  start: (file: string, options: { readonly params: object; readonly ways: Ways }) => Promise<Peer>,
  folder: string,
) => Promise<Peer>

const PEERS = {
  transformersjs: openTransformersJs,
  llamacpp: openLlamaCpp('fp32'),
  'llamacpp.q8_0': openLlamaCpp('q8_0'),
  bareLoop: openBareLoop,
} satisfies Record<string, OpenDriver>

export type PeerName = keyof typeof PEERS

export interface PeerOptions {
  /** Of one of our models. */
  readonly folder: string
  readonly threads: number
  /** Of the jobs: 1 unless told, which is what our engine is measured at; 0 spares a peer its sampler. */
  readonly temperature?: 0 | 1
  /** Runs of each way in which the peer can do a job: 3 unless told, and 0 where only its answers matter. */
  readonly trials?: number
}

/**
 * Installs a peer where that is needed, and loads the model of one of our folders into it. Throws PEER_UNAVAILABLE where it
 * can't be installed, PEER_FAILED where it does not start.
 */
export async function openPeer(
  name: PeerName,
  { folder, threads, temperature = 1, trials = 3 }: PeerOptions,
): Promise<Peer> {
  const model = await loadModel(folder)
  const scratch = await mkdtemp(join(tmpdir(), 'starling-peer-'))
  let driver: Driver | undefined
  const close = async () => {
    await driver?.close()
    await rm(scratch, { recursive: true, force: true })
  }
  try {
    return await PEERS[name](
      model,
      scratch,
      async (file, { params, ways }) => {
        driver = startDriver(file)
        await driver.call('load', { ...params, threads })
        return drivenPeer(driver, ways, { temperature, trials }, close)
      },
      folder,
    )
  } catch (error) {
    await close()
    throw error
  }
}
