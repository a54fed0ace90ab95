import { readJudgement, type Verdict } from '../../shared/inference/tasks/judge.ts'
import type { TextCodec } from '../../shared/inference/text-codec.ts'
import type { Given } from '../../shared/proof/verdict.ts'
import type { JudgePart } from './types.ts'

/**
 * What a judge's verdicts say, one a slot; undefined is a tie, as it is where both answers have one result. Of scores there is nothing
 * to read.
 * @param text codec of the judge's model
 */
export function readVerdicts(
  { slots }: Pick<JudgePart, 'slots'>,
  given: Given,
  text: Pick<TextCodec, 'decode'>,
): (Verdict | undefined)[] {
  if (given.method !== 'prompted') return []
  return given.verdicts.map((tokens, k) => {
    const { prompt, results } = slots[k]!
    return prompt === undefined ? undefined : readJudgement(results, text.decode(tokens))
  })
}
