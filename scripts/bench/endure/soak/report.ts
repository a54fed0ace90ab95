import type { Bar } from '../../suite.ts'
import type { Account } from './account.ts'
import type { Fault } from './faults.ts'
import type { JudgedProcess } from './judge-memory.ts'

export interface SoakFacts {
  readonly miners: number
  readonly minutes: number
  readonly faults: readonly Fault[]
  readonly account: Account
  /** Times that weights got onto the chain. */
  readonly weightsSet: number
  /** Miners that were heard again once all faults were over. */
  readonly back: number
  /** Programs that ended although nobody killed them, and their last words. */
  readonly ends: readonly string[]
  readonly processes: readonly JudgedProcess[]
}

export function barsOf(facts: SoakFacts, quick: boolean): Bar[] {
  const { account, faults, processes } = facts
  const judged = processes.filter(({ trends }) => trends.rss !== undefined)
  const grew = judged.filter((one) => one.grew.length > 0)
  const told = Object.entries(account.told).map(([what, count]) => `${count} ${what}`)
  const kinds = new Map<string, number>()
  for (const { kind } of faults) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  const worst = (of: 'heap' | 'rss') =>
    judged.reduce(
      (most, { name, trends }) => {
        const growth = trends[of]?.growth ?? 0
        return growth > most.growth ? { name, growth } : most
      },
      { name: 'none', growth: 0 },
    )
  // Whoever starts without a chain says so and ends; a service manager tries again.
  const crashed = facts.ends.filter((why) => !/error CHAIN_/.test(why))
  const life = quick ? 'too short to judge memory' : `${judged.length} lives of 15 minutes and more`
  return [
    {
      name: 'soak.faults',
      value: faults.length,
      unit: `in ${facts.minutes} min`,
      note: [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', '),
    },
    {
      name: 'soak.unaccounted',
      value: account.unaccounted.length,
      unit: `of ${account.due} rounds`,
      floor: 0,
      note: [`${account.settled} settled`, ...told, `${account.twice.length} twice`].join(', '),
    },
    { name: 'soak.back', value: facts.back, unit: `of ${facts.miners} miners`, floor: facts.miners },
    {
      name: 'soak.crashed',
      value: crashed.length,
      unit: 'programs',
      floor: 0,
      note: [
        ...crashed,
        `${facts.ends.length - crashed.length} could not start while the chain was away`,
      ].join('; '),
    },
    { name: 'soak.weights', value: facts.weightsSet, unit: 'times on chain', floor: 1 },
    {
      name: 'soak.grew',
      value: grew.length,
      unit: 'processes',
      floor: 0,
      note: [life, ...grew.map((one) => `${one.name}: ${one.grew.join(' ')}`)].join('; '),
    },
    { name: 'soak.heap.growth', value: worst('heap').growth, unit: 'MB', note: worst('heap').name },
    { name: 'soak.rss.growth', value: worst('rss').growth, unit: 'MB', note: worst('rss').name },
    {
      name: 'soak.blocked',
      value: Math.max(0, ...processes.filter(({ name }) => name === 'validator').map((one) => one.blockedMs)),
      unit: 'ms',
      note: 'longest stillness of the validator’s event loop',
    },
  ]
}
