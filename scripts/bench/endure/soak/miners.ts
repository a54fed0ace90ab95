import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { describeError } from '../../../../shared/process/errors.ts'
import { type Child, startChild } from '../../../demo/child.ts'
import { logFolder, operatorArgs, type Stage, stateFolder } from '../../../demo/participants.ts'
import type { MinerRole } from '../../../demo/scenario.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

/** A real miner behind a port that fails on demand. */
export interface SoakMiner {
  readonly name: string
  readonly proxy: TcpProxy
  /** Undefined while it is dead. */
  child(): Child | undefined
  start(): Child
  /** As a power cut would. */
  kill(): void
  /** Ends it in good order, for good. */
  stop(): Promise<void>
  /** Why it ended by itself, each time; it is started again then, as a service manager would. */
  readonly ends: readonly string[]
}

/** Milliseconds until a program that ended by itself is started again. */
const RESTART_MS = 5_000
const STOP_MS = 5_000

/** Miners stand back behind the chain, whose blocks come by the clock, and the validator. */
const NICENESS = 5

/** @param index gives it an address of its own, as the chain asks for */
export async function createSoakMiner(
  stage: Stage,
  { name, runs }: MinerRole,
  index: number,
  env: Readonly<Record<string, string>>,
): Promise<SoakMiner> {
  const own = { ip: '127.0.0.1', port: await freePort() }
  const proxy = await startTcpProxy(`127.0.0.${index + 2}`, () => own)
  const ends: string[] = []
  let child: Child | undefined
  let isOver = false
  const miner: SoakMiner = {
    ...{ name, proxy, ends },
    child: () => child,
    start() {
      const args = [
        ...[...operatorArgs(stage, name), '--model', join('models', runs)],
        ...['--state', stateFolder(stage, name), '--axon.ip', own.ip, '--axon.port', String(own.port)],
        ...['--axon.external_ip', proxy.ip, '--axon.external_port', String(proxy.port)],
      ]
      const options = { logFolder: logFolder(stage), niceness: NICENESS, env }
      const started = startChild(name, 'miner/main.ts', args, options)
      child = started
      started.crashed.catch((error: unknown) => {
        ends.push(describeError(error))
        if (child !== started) return
        child = undefined
        setTimeout(() => child === undefined && !isOver && miner.start(), RESTART_MS)
      })
      return started
    },
    kill() {
      child?.kill()
      child = undefined
    },
    async stop() {
      isOver = true
      await child?.stop(STOP_MS)
    },
  }
  return miner
}

/** A port that a program which is started again finds free again, most likely. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
