import type { Socket } from 'node:net'
import { AXON_PATH } from '../../../../shared/protocol/axon.ts'
import { closed } from '../hostile/dialler.ts'
import { makeUpgrade, upgradeBytes } from '../hostile/upgrade.ts'
import type { Attack, Stage } from './stage.ts'

/** Sockets that are held at once: more than an axon takes. */
const HELD = 600
/** Attempts under way at once in a flood. */
const WIDTH = 64

/** A byte a second of an upgrade, on as many sockets as there are. */
const slowLoris: Attack = (stage) =>
  hold(stage, async (socket, upgrade) => {
    for (let at = 0; at < upgrade.length && !stage.over.aborted && !socket.destroyed; at++) {
      socket.write(upgrade.subarray(at, at + 1))
      await stage.pause(1_000)
    }
  })

/** Half an upgrade, and then nothing. */
const halfUpgrade: Attack = (stage) =>
  hold(stage, async (socket, upgrade) => void socket.write(upgrade.subarray(0, upgrade.length / 2)))

/** Sockets on which nothing is said. */
const silentSockets: Attack = (stage) => hold(stage, async () => {})

/** Connects and hangs up, over and over. */
const connections = (from: 'anywhere' | 'one place'): Attack =>
  flood(async (stage) => {
    const socket = await stage.socket(from)
    socket.destroy()
  })

/** Upgrades that are signed as they should be, by keys without a permit. */
const strangersUpgrades: Attack = flood(async (stage, index) => {
  const signer = stage.strangers[index % stage.strangers.length]!
  await refused(stage, await stage.socket('anywhere'), upgradeOf(stage, signer))
})

/** The same from one address. */
const upgradesFromOnePlace: Attack = flood(async (stage, index) => {
  const signer = stage.strangers[index % stage.strangers.length]!
  await refused(stage, await stage.socket('one place'), upgradeOf(stage, signer))
})

/** Upgrades in the name of a validator with a permit, signed by somebody else: each costs a look at the signature. */
const forgedUpgrades: Attack = flood(async (stage, index) => {
  const signer = stage.strangers[index % stage.strangers.length]!
  const sender = stage.authorised[index % stage.authorised.length]!.address
  const forged = upgradeBytes(makeUpgrade(AXON_PATH, signer, stage.target.hotkey, KEY, { sender }))
  await refused(stage, await stage.socket('anywhere'), forged)
})

export const BY_STRANGERS: Readonly<Record<string, Attack>> = {
  'slow headers': slowLoris,
  'half an upgrade': halfUpgrade,
  'silent sockets': silentSockets,
  'connections, one address': connections('one place'),
  'connections, many addresses': connections('anywhere'),
  'upgrades, one address': upgradesFromOnePlace,
  'upgrades, many addresses': strangersUpgrades,
  'forged upgrades, many addresses': forgedUpgrades,
}

const KEY = new Uint8Array(32).fill(9)

function upgradeOf(stage: Stage, signer: Stage['strangers'][number]): Buffer {
  return upgradeBytes(makeUpgrade(AXON_PATH, signer, stage.target.hotkey, KEY))
}

/** Opens sockets until time is up, a new one for each that is closed. */
async function hold(
  stage: Stage,
  act: (socket: Socket, upgrade: Buffer) => Promise<void>,
): Promise<Record<string, number>> {
  let [opened, lost] = [0, 0]
  const open = async (): Promise<void> => {
    while (!stage.over.aborted) {
      const socket = await stage.socket('anywhere').catch(() => undefined)
      if (socket === undefined) {
        await stage.pause(100)
        continue
      }
      opened++
      const gone = closed(socket)
      void act(socket, upgradeOf(stage, stage.authorised[opened % stage.authorised.length]!))
      await Promise.race([gone, aborted(stage.over)])
      if (!stage.over.aborted) lost++
      // A server that is full closes at once; whoever holds sockets does not spin.
      await stage.pause(50)
    }
  }
  await Promise.all(Array.from({ length: HELD }, open))
  return { opened, lost }
}

/** Does something as often as it can. */
function flood(act: (stage: Stage, index: number) => Promise<void>): Attack {
  return async (stage) => {
    let [attempts, failed] = [0, 0]
    const lane = async (): Promise<void> => {
      while (!stage.over.aborted) {
        attempts++
        await act(stage, attempts).catch(() => failed++)
      }
    }
    await Promise.all(Array.from({ length: WIDTH }, lane))
    return { attempts, failed }
  }
}

/** Sends a request and waits until the other side has hung up. */
async function refused(stage: Stage, socket: Socket, request: Buffer): Promise<void> {
  socket.resume()
  const gone = closed(socket)
  socket.write(request)
  await Promise.race([gone, aborted(stage.over)])
  socket.destroy()
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
