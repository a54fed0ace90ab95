import type { ModelInfo } from '../inference/engine.ts'
import type { SamplingParams } from '../inference/sampler.ts'
import type { TextCodec } from '../inference/text-codec.ts'
import { answerRoot, committedRoot } from '../proof/answer-root.ts'
import { commitDigest } from '../proof/commit.ts'
import { checkShape } from '../proof/decision.ts'
import { equalBytes, fromHex } from '../proof/hash.ts'
import { openedRoot } from '../proof/sketch/opening.ts'
import type { Reveal } from '../protocol/messages.ts'

/** The model that an answer was promised from, as the validator knows it by its hash and class; the level is the registry's. */
export type ClaimedModel = Pick<
  ModelInfo,
  'name' | 'hash' | 'executionClass' | 'level' | 'vocabularySize' | 'stopTokens'
>

/** One revealed answer, and all that it is judged by apart from the validator's own models. Needs no connection. */
export interface Claim {
  readonly challenge: { readonly id: Uint8Array; readonly prompt: string }
  /** Public keys, 32 bytes each. */
  readonly validator: Uint8Array
  readonly miner: Uint8Array
  readonly model: ClaimedModel
  /** What the challenge asked for. */
  readonly sampling: SamplingParams
  readonly maxTokens: number
  /** The commit's, 32 bytes. */
  readonly digest: Uint8Array
  /** 32 bytes that say which leaves were to be opened. */
  readonly beacon: Uint8Array
  readonly reveal: Reveal
}

/** What is known of a model by whoever holds it. */
interface ClaimReader {
  readonly text: TextCodec
  readonly model: Pick<ModelInfo, 'contextLength'>
}

/**
 * Checks all that needs no run of the model: the reveal opens the commit, the answer has the shape that it says, and its text is
 * what its tokens spell.
 * @param reader that holds the model; without one the text is not checked
 * @returns what is wrong, or undefined
 */
export function claimFault(claim: Claim, reader: ClaimReader | undefined): string | undefined {
  const { challenge, model, reveal } = claim
  if (!equalBytes(reveal.id, challenge.id)) return 'the reveal names another challenge'
  const root = revealedRoot(reveal)
  if (root === undefined || !equalBytes(openedDigest(claim, root), claim.digest))
    return 'the reveal does not open the commit'
  const { stopTokens, vocabularySize } = model
  const maxTokens = mostTokens(claim, reader)
  const misshapen = checkShape(reveal.tokens, reveal.finish, { maxTokens, stopTokens, vocabularySize })
  if (misshapen !== undefined) return misshapen
  // Last, as a codec need not know what to do with tokens outside of its vocabulary.
  const isSpelt = reader === undefined || reader.text.decode(reveal.tokens) === reveal.text
  return isSpelt ? undefined : 'the text is not what the tokens spell'
}

/** What was asked for, or what the context has room for behind the prompt: an honest answer ends there, too. */
function mostTokens({ challenge, maxTokens }: Claim, reader: ClaimReader | undefined): number {
  if (reader === undefined) return maxTokens
  return Math.min(maxTokens, reader.model.contextLength - reader.text.encodePrompt(challenge.prompt).length)
}

/** The root that tokens and openings lead to; undefined where the first opening leads to none. */
function revealedRoot({ tokens, openings: [first] }: Reveal): Uint8Array | undefined {
  if (first === undefined) return answerRoot(tokens)
  const tree = openedRoot(tokens, first)
  return tree && committedRoot(tokens, tree)
}

/** The digest that a commit to this reveal has. */
function openedDigest({ challenge, validator, miner, model, reveal }: Claim, root: Uint8Array): Uint8Array {
  const { tokens, finish, salt } = reveal
  return commitDigest({
    challenge: challenge.id,
    validator,
    miner,
    model: fromHex(model.hash),
    executionClass: model.executionClass,
    count: tokens.length,
    finish,
    root,
    salt,
  })
}
