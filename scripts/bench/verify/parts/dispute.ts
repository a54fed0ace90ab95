import { type DisputeMeasurement, measureDispute as measure } from '../../dispute/measure-dispute.ts'
import type { Context } from '../context.ts'
import type { PartResult } from '../results.ts'

/** Where the liar's weight is: its tiles lie deepest in the tree, or its operator has the largest inputs. */
const LIES = ['gateUp', 'down'] as const

/** What settling a quarrel about one answer takes, between processes over real sockets; on `base` where that is at hand. */
export interface DisputeFacts {
  readonly model: string
  readonly positions: number
  /** The most of all disputes. */
  readonly rounds: number
  readonly operatorsRerun: number
  readonly transcriptBytes: number
  readonly refereeInputBytes: number
  readonly losers: readonly (readonly string[])[]
}

/** Disputes an answer twice, each time with a defender that ran with another weight. */
export async function measureDispute({
  modelFolder,
  otherModels,
  sizes,
  now,
  report,
}: Context): Promise<PartResult> {
  const folder = otherModels.get('base') ?? modelFolder
  const { positions, answerTokens } = sizes.dispute
  const measured: DisputeMeasurement[] = []
  for (const lieIn of LIES) {
    report('disputes', measured.length, LIES.length)
    measured.push(
      await measure({ modelFolder: folder, positions, answerTokens, liar: 'defender', lieIn, now }),
    )
  }
  const most = (value: (one: (typeof measured)[number]) => number) => Math.max(...measured.map(value))
  const facts: DisputeFacts = {
    ...{ model: folder === modelFolder ? 'the declared model' : 'base', positions },
    rounds: most(({ rounds }) => rounds),
    operatorsRerun: most(({ operatorsRerun }) => operatorsRerun),
    transcriptBytes: most(({ transcriptBytes }) => transcriptBytes),
    refereeInputBytes: most(({ refereeInputBytes }) => refereeInputBytes),
    losers: measured.map(({ ruling }) => ruling.losers),
  }
  const timings = measured.map(({ wallSeconds, refereeCpuSeconds, checkCpuSeconds, sides }) => {
    return { wallSeconds, refereeCpuSeconds, checkCpuSeconds, sides }
  })
  return { rows: [], facts: { ...facts }, timings: { disputes: timings } }
}
