import { engineAnswerer } from '../../../../miner/answerer.ts'
import { loadModel } from '../../../../shared/inference/model/folder.ts'
import { rowOf, runAttack } from '../attack.ts'
import { miner } from '../audit-answers.ts'
import { otherWidth } from '../cheats/answerers.ts'
import { withAltered, withoutLastLayer } from '../cheats/models.ts'
import { benchConfig, type ClassSession, type Context, inEachClass, withEngine } from '../context.ts'
import type { AttackRow, PartResult } from '../results.ts'

/** Tokens within which another model must be found. */
const TOKENS = 32

/** Other models than the declared one: a smaller and a larger one of ours, and the declared one with a layer left out. */
export async function measureOtherModels(context: Context): Promise<PartResult> {
  const declared = await loadModel(context.modelFolder)
  const rows = await inEachClass(context, async (session) => {
    const rows: AttackRow[] = []
    for (const [name, folder] of context.otherModels)
      rows.push(await measureOther(context, session, name, folder))
    const row = await withAltered(declared, withoutLastLayer(declared), (modelFolder) =>
      withEngine({ modelFolder, precision: session.class.precision }, async (other) => {
        const answerer = engineAnswerer(other, miner.publicKey, session.calibration.whitening)
        return measure(context, session, { name: 'last layer left out', answerer })
      }),
    )
    return [...rows, row]
  })
  return { rows }
}

async function measureOther(
  context: Context,
  session: ClassSession,
  name: string,
  modelFolder: string,
): Promise<AttackRow> {
  const { width } = (await loadModel(modelFolder)).manifest.architecture
  // Widths of ours all fit float32; a class of packed weights need not hold them all.
  return withEngine({ modelFolder }, (other) => {
    const answerer = otherWidth(other, miner.publicKey, session.calibration.whitening, width)
    return measure(context, session, { name: `${name} served`, answerer })
  })
}

async function measure(
  context: Context,
  session: ClassSession,
  attack: { readonly name: string; readonly answerer: ReturnType<typeof engineAnswerer> },
): Promise<AttackRow> {
  const config = benchConfig({ maxTokens: TOKENS })
  const count = context.sizes.otherModel
  const trials = await runAttack(context, session, { ...attack, count, config })
  return rowOf(session, attack.name, trials)
}
