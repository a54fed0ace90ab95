import type { Suite } from './suite.ts'

/** A suite as the command lists it; its code is loaded only when it runs. */
export interface SuiteEntry {
  readonly name: string
  readonly description: string
  /** What a `--scenario` file holds; without it the suite takes none. */
  readonly scenario?: string
  /** Takes --model, --only and --doc. */
  readonly hasParts?: boolean
  load(): Promise<Suite>
}

export const SUITES: readonly SuiteEntry[] = [
  {
    name: 'yuma',
    description: 'consensus: vectors, random subnets in TypeScript and in the runtime, epochs per second',
    scenario: 'a vector, as in test/vectors/yuma',
    load: async () => (await import('./yuma/suite.ts')).yumaSuite,
  },
  {
    name: 'devnet',
    description: '10,000 blocks with traffic: time, memory and files; then kill -9 and resume',
    load: async () => (await import('./devnet/suite.ts')).devnetSuite,
  },
  {
    name: 'dividends',
    description:
      'what validators earn: honest ones that ask different questions, and one that copies weights',
    load: async () => (await import('./dividends/suite.ts')).dividendsSuite,
  },
  {
    name: 'engine',
    description: 'inference: speed beside what the machine allows and beside others, load, kills, scores',
    load: async () => (await import('./engine/suite.ts')).engineSuite,
  },
  {
    name: 'verify',
    description:
      'verification: honest answers, every attack, forgeries, bytes, overheads and disputes, beside the bars',
    hasParts: true,
    load: async () => (await import('./verify/suite.ts')).verifySuite,
  },
  {
    name: 'swarm',
    description:
      'consensus of peers: cliques, copies and lazy judges simulated; real outputs; real processes, beside the bars',
    scenario: 'who takes part in a simulated swarm, and how',
    hasParts: true,
    load: async () => (await import('./swarm/suite.ts')).swarmSuite,
  },
  {
    name: 'endure',
    description:
      'what strangers, bad luck and time do: attacks on the wire, faults, and memory, beside the bars',
    hasParts: true,
    load: async () => (await import('./endure/suite.ts')).endureSuite,
  },
  {
    name: 'timelock',
    description: 'timelocked commits of weights: size, time, and whether another implementation opens them',
    load: async () => (await import('./timelock/suite.ts')).timelockSuite,
  },
  {
    name: 'wire',
    description:
      'sessions: messages a second beside a bare WebSocket, HTTP and Bittensor’s axon; signatures, memory, latency',
    hasParts: true,
    load: async () => (await import('./wire/suite.ts')).wireSuite,
  },
  {
    name: 'watch',
    description: 'metrics: what a scrape of a full subnet costs, and what counting adds to a frame',
    load: async () => (await import('./watch/suite.ts')).watchSuite,
  },
]
