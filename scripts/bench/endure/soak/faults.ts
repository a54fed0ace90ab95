import { below, pick, type Random } from '../../../../shared/inference/random.ts'
import type { SoakMiner } from './miners.ts'
import type { TcpProxy } from './tcp-proxy.ts'

/** One thing that goes wrong for a while. */
export interface Fault {
  readonly kind: 'kill' | 'partition' | 'slow' | 'frozen' | 'chain lost' | 'chain silent'
  /** Whom it befell. */
  readonly whom: string
  /** Milliseconds since the epoch, and how long it lasted. */
  readonly at: number
  readonly ms: number
}

export interface FaultTargets {
  /** Those that are never killed, so that their memory is seen over a long life, and those that are. */
  readonly lasting: readonly SoakMiner[]
  readonly mortal: readonly SoakMiner[]
  /** Between everybody and the chain. */
  readonly chain: TcpProxy
}

/** Seconds between two faults, and how long one lasts, at least and at most. */
const EVERY_S = [6, 20] as const
const LASTS_S = {
  kill: [3, 15],
  partition: [10, 40],
  slow: [20, 60],
  frozen: [5, 30],
  chain: [4, 20],
} as const

/**
 * Breaks things at random, several at a time, until `signal` aborts; returns when all of them are whole again. One that suffers is left
 * alone until it is over.
 */
export async function sufferFaults(
  targets: FaultTargets,
  random: Random,
  signal: AbortSignal,
  pause: (ms: number, signal?: AbortSignal) => Promise<void>,
): Promise<readonly Fault[]> {
  const faults: Fault[] = []
  const suffering = new Set<string>()
  const underWay = new Set<Promise<void>>()

  const begin = (kind: Fault['kind'], whom: string, ms: number, act: () => void, undo: () => void): void => {
    if (suffering.has(whom)) return
    suffering.add(whom)
    faults.push({ kind, whom, at: Date.now(), ms })
    act()
    const over = pause(ms, signal).then(() => {
      undo()
      suffering.delete(whom)
      underWay.delete(over)
    })
    underWay.add(over)
  }

  while (!signal.aborted) {
    await pause(1_000 * between(random, EVERY_S), signal)
    if (signal.aborted) break
    const all = [...targets.lasting, ...targets.mortal]
    switch (below(random, 8)) {
      case 0:
      case 1:
      case 2: {
        const miner = pick(random, targets.mortal)
        const ms = 1_000 * between(random, LASTS_S.kill)
        begin('kill', miner.name, ms, miner.kill, () => void miner.start())
        break
      }
      case 3:
      case 4: {
        const { name, proxy } = pick(random, all)
        const ms = 1_000 * between(random, LASTS_S.partition)
        begin('partition', name, ms, ...proxied(proxy, 'silent'))
        break
      }
      case 5: {
        const { name, proxy } = pick(random, all)
        const ms = 1_000 * between(random, LASTS_S.slow)
        begin('slow', name, ms, ...proxied(proxy, 'slow'))
        break
      }
      case 6: {
        const miner = pick(random, all)
        const child = miner.child()
        const ms = 1_000 * between(random, LASTS_S.frozen)
        const tell = (name: NodeJS.Signals) => () => void child?.process.kill(name)
        begin('frozen', miner.name, ms, tell('SIGSTOP'), tell('SIGCONT'))
        break
      }
      default: {
        const isLost = random() < 0.5
        const ms = 1_000 * between(random, LASTS_S.chain)
        const fault = proxied(targets.chain, isLost ? 'refused' : 'silent')
        begin(isLost ? 'chain lost' : 'chain silent', 'chain', ms, ...fault)
      }
    }
  }
  await Promise.all(underWay)
  return faults
}

function proxied(proxy: TcpProxy, fault: 'silent' | 'slow' | 'refused'): [() => void, () => void] {
  return [() => proxy.suffer(fault), () => proxy.suffer('none')]
}

function between(random: Random, [least, most]: readonly [number, number]): number {
  return least + random() * (most - least)
}
