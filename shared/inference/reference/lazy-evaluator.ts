import type { ReferenceEvaluator } from './evaluate.ts'

/** An evaluator that opens, and loads the native library, with the first operator: most processes never see a dispute. */
export function lazyEvaluator(): ReferenceEvaluator {
  let opened: Promise<ReferenceEvaluator> | undefined
  const open = async () => (await import('./evaluate.ts')).openReferenceEvaluator()
  return {
    async evaluate(inputs) {
      opened ??= open()
      return (await opened).evaluate(inputs)
    },
    async close() {
      await (await opened)?.close()
    },
  }
}
