import { engineAnswerer } from '../../../../miner/answerer.ts'
import type { Precision } from '../../../../shared/inference/precision.ts'
import { delayedRow, runAttack } from '../attack.ts'
import { miner } from '../audit-answers.ts'
import { withHonestRows } from '../cheats/answerers.ts'
import { type Context, inEachClass, withEngine } from '../context.ts'
import type { AttackRow, PartResult } from '../results.ts'

/**
 * Tokens from something cheaper under the right seed, and then one honest reading of prompt and answer for the hidden states: the
 * sketches are right, and only margins can tell.
 */
export async function measureCheapDecode(context: Context): Promise<PartResult> {
  const { modelFolder, otherModels, sizes } = context
  const rows = await inEachClass(context, async (session) => {
    const rows: AttackRow[] = []
    const serve = (name: string, count: number, folder: string, precision: Precision) =>
      withEngine({ modelFolder: folder, precision }, async (cheap) => {
        const tokens = engineAnswerer(cheap, miner.publicKey)
        const answerer = withHonestRows(tokens, session.honest, session.calibration.whitening)
        const trials = await runAttack(context, session, { name, count, answerer })
        rows.push(await delayedRow(session, name, trials))
      })
    const nano = otherModels.get('nano')
    if (nano !== undefined) await serve('nano decodes, honest prefill', sizes.cheapDecode, nano, 'fp32')
    for (const { attack, precision } of session.class.cheapDecode)
      await serve(`${attack} decodes, honest prefill`, sizes.otherDecode, modelFolder, precision)
    return rows
  })
  return { rows }
}
