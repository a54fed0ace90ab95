import { readJudgement, type Verdict } from '../../shared/inference/tasks/judge.ts'
import type { TextCodec } from '../../shared/inference/text-codec.ts'
import type { Given } from '../../shared/proof/verdict.ts'
import type { JudgePart } from './types.ts'

/**
 * What a judge's verdicts say, one a slot; undefined is a tie. Where nobody was asked it is what the answers settle by themselves. Of
 * scores there is nothing to read.
 * @param text codec of the judge's model
 */
export function readVerdicts(
  { slots }: Pick<JudgePart, 'slots'>,
  given: Given,
  text: Pick<TextCodec, 'decode'>,
): (Verdict | undefined)[] {
  if (given.method !== 'prompted') return []
  return given.verdicts.map((tokens, k) => {
    const { prompt, results, settled } = slots[k]!
    return prompt === undefined ? settled : readJudgement(results, text.decode(tokens))
  })
}
