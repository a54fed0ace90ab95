import { median } from '../../timing.ts'
import type { Contender } from './contender.ts'
import type { Ran } from './in-flight.ts'

/** Turns of each contender, in the order in which they were taken. */
export type Laps<Name extends string> = Readonly<Record<Name, readonly Ran[]>>

/**
 * Turns side by side: A, B, A, B, each with the machine to itself, so that all of them meet the same machine. The first turn of each is
 * longer, and does not count.
 */
export async function takeTurns<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  { turns, turnMs, warmMs }: { readonly turns: number; readonly turnMs: number; readonly warmMs: number },
  onTurn: (done: number) => void = () => {},
): Promise<Laps<Name>> {
  const names = Object.keys(contenders) as Name[]
  const laps = {} as Record<Name, Ran[]>
  for (const name of names) {
    laps[name] = []
    await contenders[name].run(warmMs)
  }
  for (let turn = 0; turn < turns; turn++) {
    for (const name of names) laps[name].push(await contenders[name].run(turnMs))
    onTurn(turn + 1)
  }
  return laps
}

/** Exchanges a second, the median of all turns. */
export function rateOf(laps: readonly Ran[]): number {
  return median(laps.map(({ exchanges, ms }) => (exchanges / ms) * 1_000))
}

/** Microseconds of CPU time an exchange, of the processes on both sides together, the median of all turns. */
export function cpuOf(laps: readonly Ran[]): number {
  return median(laps.map(({ exchanges, cpuMs }) => (cpuMs / exchanges) * 1_000))
}

/** Our rate over theirs in the same turn, the median of all turns. */
export function ratioOf(ours: readonly Ran[], theirs: readonly Ran[]): number {
  const rate = ({ exchanges, ms }: Ran) => exchanges / ms
  return median(ours.map((lap, turn) => rate(lap) / rate(theirs[turn]!)))
}
