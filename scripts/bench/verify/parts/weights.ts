import { engineAnswerer } from '../../../../miner/answerer.ts'
import type { Engine } from '../../../../shared/inference/engine.ts'
import { fromFloat16, toFloat16 } from '../../../../shared/inference/model/float16.ts'
import { type LoadedModel, loadModel } from '../../../../shared/inference/model/folder.ts'
import type { Precision } from '../../../../shared/inference/precision.ts'
import { roundWeights } from '../../../calibrate/rounding.ts'
import { type Attack, rowOf, runAttack } from '../attack.ts'
import { miner } from '../audit-answers.ts'
import { withAltered } from '../cheats/models.ts'
import { type ClassSession, type Context, inEachClass, withEngine } from '../context.ts'
import type { AttackRow, PartResult } from '../results.ts'
import { excessesOf, separation } from '../separation.ts'
import type { Trial } from '../trial.ts'

/** The declared model with its weights rounded, or computed in another way than the class says. */
export async function measureWeights(context: Context): Promise<PartResult> {
  const declared = await loadModel(context.modelFolder)
  const rows = await inEachClass(context, async (session) => {
    const { precision, roundings, others } = session.class
    const answersOf = (name: string, prover: Engine) => {
      const answerer = engineAnswerer(prover, miner.publicKey, session.calibration.whitening)
      return runAttack(context, session, { name, count: context.sizes.weights, answerer })
    }
    const serve = (name: string, modelFolder: string, served: Precision) =>
      withEngine({ modelFolder, precision: served }, (prover) => answersOf(name, prover))
    const compare = comparing(session, await answersOf('honest beside weights', session.honest))
    const rows: AttackRow[] = []
    for (const rounding of roundings) {
      const weights = roundWeights(declared.weights, rounding)
      const name = `${rounding} weights`
      const { architecture } = declared.manifest
      const trials = await withAltered(declared, { architecture, weights }, (folder) =>
        serve(name, folder, precision),
      )
      rows.push(compare(name, trials))
    }
    for (const { attack, precision: served } of others)
      rows.push(compare(attack, await serve(attack, context.modelFolder, served)))
    return rows
  })
  return { rows, facts: { changedByFloat16: changedByFloat16(declared) } }
}

/** Rows of cheats with how far their hidden states stand apart from those of honest answers. */
export function comparing(
  session: ClassSession,
  honest: readonly Trial[],
): (attack: Attack['name'], trials: readonly Trial[]) => AttackRow {
  const excesses = excessesOf(honest, session.calibration, session.pair)
  return (attack, trials) => {
    const area = separation(excesses, excessesOf(trials, session.calibration, session.pair))
    return { ...rowOf(session, attack, trials), ...(area && { area }) }
  }
}

/** How many weights rounding to half precision would change: none where they are stored so. */
function changedByFloat16({ weights }: LoadedModel): number {
  let changed = 0
  for (const values of weights.values())
    for (const value of values) if (fromFloat16(toFloat16(value)) !== value) changed++
  return changed
}
