/**
 * Answers of runtime calls on the newest blocks, so that many clients that ask the same of a block cost one call: a call
 * instantiates the whole wasm.
 */
export interface Answers {
  of(block: string, question: string, answer: () => Promise<Uint8Array>): Promise<Uint8Array>
}

/** Blocks that answers are kept for. */
const BLOCKS = 2
const QUESTIONS = 256

export function createAnswers(): Answers {
  const blocks = new Map<string, Map<string, Promise<Uint8Array>>>()
  const forBlock = (block: string) => {
    const known = blocks.get(block)
    if (known !== undefined) return known
    const fresh = new Map<string, Promise<Uint8Array>>()
    blocks.set(block, fresh)
    for (const oldest of blocks.keys()) {
      if (blocks.size <= BLOCKS) break
      blocks.delete(oldest)
    }
    return fresh
  }
  return {
    of(block, question, answer) {
      const answers = forBlock(block)
      const known = answers.get(question)
      if (known !== undefined) return known
      const asked = answer()
      if (answers.size < QUESTIONS) answers.set(question, asked)
      return asked
    },
  }
}
