import type { ChainClient, Hyperparameters } from '../../shared/chain/chain-client.ts'
import type { Signer } from '../../shared/chain/wallet/signer.ts'
import { silentLog } from '../../shared/process/logging.ts'
import type { PublicationEntry } from '../../validator/store/entries.ts'
import { createPublisher } from '../../validator/weights/publisher.ts'

/** A chain that a validator publishes to, fake or real. */
export interface Stage {
  readonly chain: ChainClient
  readonly signer: Signer
  readonly netuid: number
  /** Two miners' hotkeys. */
  readonly miners: readonly [string, string]
  /** Waits for a block that is newer than the last. */
  nextBlock(): Promise<{ readonly number: number; readonly hash: string }>
  setRules(rules: Partial<Pick<Hyperparameters, 'commitReveal' | 'revealPeriodEpochs'>>): Promise<void>
}

/** What was seen to happen to the validator's weights, with the epochs since the scenario's first. */
export interface Trace {
  readonly seen: readonly string[]
  readonly outcomes: readonly string[]
}

/**
 * Plain weights, then hash commits through a restart, a longer reveal period and an absence, then plain weights again. Needs
 * a subnet without a rate limit whose tempo is at least 10.
 */
export async function playScenario(stage: Stage): Promise<Trace> {
  const { chain, netuid, signer, miners } = stage
  const journal: PublicationEntry[] = []
  const seen: string[] = []
  let round = -1
  const scoresOf = () =>
    Object.fromEntries([
      [miners[0], { score: 1 }],
      [miners[1], { score: round / 16 }],
    ])
  const newPublisher = () =>
    createPublisher({
      ...{ chain, signer, netuid, recorded: [...journal], log: silentLog() },
      record: (entry) => journal.push(structuredClone(entry)),
      scores: { round: () => round, of: scoresOf },
      clock: { now: () => Date.now(), monotonic: () => performance.now() },
      random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    })
  let publisher: ReturnType<typeof newPublisher> | undefined = newPublisher()

  const look = async () => {
    const { neurons } = await chain.metagraph(netuid)
    const uid = neurons.find(({ hotkey }) => hotkey === signer.address)!.uid
    const [row, commits, schedule] = await Promise.all([
      chain.weights({ netuid, uid }),
      chain.weightCommits({ netuid, hotkey: signer.address }),
      chain.epochSchedule(netuid),
    ])
    return { row: JSON.stringify(row), commits: commits.map(({ hash }) => hash), schedule }
  }
  let before = await look()
  const firstEpoch = before.schedule.epochIndex
  const epoch = () => before.schedule.epochIndex - firstEpoch

  const block = async () => {
    const header = await stage.nextBlock()
    await publisher?.see(header)
    const now = await look()
    const at = now.schedule.epochIndex - firstEpoch
    if (now.commits.some((hash) => !before.commits.includes(hash))) seen.push(`commit in ${at}`)
    if (now.row !== before.row) {
      seen.push(before.commits.length > now.commits.length ? `reveal in ${at}` : `set in ${at}`)
    }
    before = now
  }
  /** The third block of an epoch: far from both its ends. */
  const toEpoch = async (target: number) => {
    while (epoch() < target || before.schedule.block - before.schedule.lastEpochBlock < 3) await block()
  }
  const settle = async (next: number) => {
    round = next
    for (let blocks = 0; blocks < 3; blocks++) await block()
  }
  const stop = () => {
    publisher?.close()
    publisher = undefined
  }

  await toEpoch(1)
  await settle(1)
  await settle(2)
  await toEpoch(2)
  await stage.setRules({ commitReveal: true })
  await settle(3)
  stop()
  publisher = newPublisher()
  await toEpoch(4)
  await stage.setRules({ revealPeriodEpochs: 2 })
  await settle(4)
  await toEpoch(7)
  await stage.setRules({ revealPeriodEpochs: 1 })
  await settle(5)
  stop()
  await toEpoch(9)
  publisher = newPublisher()
  await toEpoch(11)
  await stage.setRules({ commitReveal: false })
  await settle(6)
  stop()
  const outcomes = journal.flatMap((entry) => (entry.kind === 'weights-closed' ? [entry.outcome] : []))
  return { seen, outcomes }
}

/** What {@link playScenario} sees on a chain that follows the rules. */
export const EXPECTED: Trace = {
  seen: [
    ...['set in 1', 'set in 1'],
    ...['commit in 2', 'reveal in 3'],
    ...['commit in 4', 'reveal in 6'],
    ...['commit in 7', 'commit in 9', 'reveal in 10'],
    'set in 11',
  ],
  outcomes: ['revealed', 'revealed', 'expired', 'revealed'],
}
