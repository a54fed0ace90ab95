import type { Engine } from '../../../../shared/inference/engine.ts'
import type { Peer } from './peer.ts'

/** How far a peer's most likely answers are ours; where they are, both did the same work. */
export interface Agreement {
  readonly answers: number
  /** Answers that are equal up to our EOS, or all along. */
  readonly equal: number
  readonly tokens: number
  /** Tokens up to the first that differs. */
  readonly equalTokens: number
}

const GREEDY = { temperature: 0, topK: 0, topP: 1 }

/** Compares greedy answers of up to `maxTokens` tokens; peers may go on after EOS. */
export async function measureAgreement(
  engine: Pick<Engine, 'generate'>,
  peer: Pick<Peer, 'greedy'>,
  prompts: readonly (readonly number[])[],
  maxTokens: number,
): Promise<Agreement> {
  const seed = new Uint8Array(32)
  const ours = await Promise.all(
    prompts.map((promptTokens) => engine.generate({ promptTokens, maxTokens, sampling: GREEDY, seed })),
  )
  const theirs = await peer.greedy(prompts, maxTokens)
  const lengths = ours.map(({ tokens }, i) => equalLength(tokens, theirs[i] ?? []))
  return {
    answers: ours.length,
    equal: ours.filter(({ tokens }, i) => lengths[i] === tokens.length).length,
    tokens: ours.reduce((sum, { tokens }) => sum + tokens.length, 0),
    equalTokens: lengths.reduce((sum, length) => sum + length, 0),
  }
}

function equalLength(ours: readonly number[], theirs: readonly number[]): number {
  const first = ours.findIndex((token, i) => token !== theirs[i])
  return first === -1 ? ours.length : first
}
