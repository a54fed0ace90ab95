import { checkRecord, parseRecord } from '../../shared/dispute/record.ts'
import { openReferenceEvaluator } from '../../shared/inference/reference/evaluate.ts'
import { print, readText, referenceOf, rulingLines } from './output.ts'

/** Repeats a hearing from its record alone; fails where the record is not what its replies add up to. */
export async function runCheck(path: string, { registry }: { readonly registry: string }): Promise<void> {
  const record = parseRecord(await readText(path))
  const reference = await referenceOf(registry, record.case.model)
  const evaluator = await openReferenceEvaluator()
  try {
    const ruling = await checkRecord(record, reference, evaluator.evaluate)
    print([...rulingLines(ruling), 'record       holds: the replies are signed, and say the same again'])
  } finally {
    await evaluator.close()
  }
}
