import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { StarlingError } from '../../../../shared/process/errors.ts'
import type { EndurePart } from '../part.ts'
import { killValidators } from './measure-kills.ts'

const KILLS = 200
const QUICK_KILLS = 20

/** Beside the packages, where a bundle finds them. */
const FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'node_modules', '.cache', 'starling-kills')

/** `kill -9` of real validators at random moments, and what their journals and the chain say after each. */
export const measureKills: EndurePart = async ({ quick, seed, modelsFolder, now, report }) => {
  const kills = quick ? QUICK_KILLS : KILLS
  const folder = join(FOLDER, `${process.pid}`)
  const found = await killValidators({
    ...{ kills, seed, modelsFolder, folder, now },
    onKill: (done) => report('kill -9 of validators', done, kills),
  })
  const { problems, rounds, weightsSent, weightsTwice, weightsUnknown } = found
  if (rounds === 0 || weightsSent === 0)
    throw new StarlingError('BENCH_KILLS', `no round was settled, or no weights set; logs are in ${folder}`)
  if (problems.length === 0) rmSync(folder, { recursive: true, force: true })
  const note = `${found.kills} kills, ${rounds} rounds settled, ${found.givenUp} that a kill took`
  return {
    facts: found,
    bars: [
      {
        name: 'kills.scores',
        value: problems.length,
        unit: 'lost or doubled',
        floor: 0,
        note: problems[0] ?? note,
      },
      {
        ...{
          name: 'kills.weights',
          value: weightsTwice + weightsUnknown,
          unit: 'set twice, or unknown',
          floor: 0,
        },
        note: `${weightsSent} transactions with weights in the blocks`,
      },
    ],
  }
}
