import { median } from '../../timing.ts'
import { ASKED } from '../asked.ts'
import type { WirePart } from '../part.ts'
import { IN_FLIGHT } from '../race/open.ts'
import { startFleet } from './fleet.ts'
import type { Done } from './messages.ts'

/** Commits that a validator verifies as they arrive, beside signatures that are verified and nothing else, in turns. */
export const measureSigned: WirePart = async ({ seed, sizes, report }) => {
  const fleet = await startFleet(seed, 1, 1)
  try {
    const { miners, order } = fleet
    await order({ do: 'connect', miners })
    const commits = (ms: number) => order({ do: 'load', exchange: 'commit', width: IN_FLIGHT, ms })
    const [warmed] = [await commits(sizes.warmMs), await order({ do: 'verify', ms: sizes.warmMs })]
    const turns: { readonly commits: Done; readonly verify: Done; readonly sign: Done }[] = []
    for (let turn = 0; turn < sizes.turns; turn++) {
      const ms = sizes.turnMs
      turns.push({
        verify: brief(await order({ do: 'verify', ms })),
        commits: brief(await commits(ms)),
        sign: brief(await order({ do: 'sign', ms: ms / 2 })),
      })
      report('turns of commits and signatures', turn + 1, sizes.turns)
    }
    const rate = (of: (turn: (typeof turns)[number]) => Done) =>
      Math.round(median(turns.map((turn) => perSecond(of(turn)))))
    const ratio = median(turns.map((turn) => perSecond(turn.commits) / perSecond(turn.verify)))
    const cpu = median(turns.map((turn) => cpuEach(turn.verify) / cpuEach(turn.commits)))
    const [verified, bare] = [rate((turn) => turn.commits), rate((turn) => turn.verify)]
    const note = `commits asked for, sent and verified over signatures verified in one thread: ${verified} over ${bare}; by CPU time ${cpu.toFixed(2)}`
    return {
      bars: [
        { name: 'signed.ratio', value: ratio, unit: 'ratio', floor: ASKED['signed.ratio']!.least!, note },
        {
          name: 'signed.commits',
          value: verified,
          unit: 'commits/s',
          note: `one validator, ${IN_FLIGHT} in flight`,
        },
        { name: 'signed.verify', value: bare, unit: 'signatures/s', note: 'sr25519, one thread' },
        {
          name: 'signed.sign',
          value: rate((turn) => turn.sign),
          unit: 'signatures/s',
          note: 'sr25519, one thread',
        },
      ],
      timings: { warmed: warmed && brief(warmed), turns },
    }
  } finally {
    await fleet.close()
  }
}

const perSecond = ({ count, ms }: Done) => (count / ms) * 1_000
const cpuEach = ({ count, cpuMs }: Done) => cpuMs / count

/** Without thousands of latencies. */
function brief(done: Done): Done {
  return { ...done, latencies: [], arrivals: [] }
}
