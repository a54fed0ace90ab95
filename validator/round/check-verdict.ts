import { verifySignature } from '../../shared/chain/wallet/signer.ts'
import type { TextCodec } from '../../shared/inference/text-codec.ts'
import { checkShape } from '../../shared/proof/decision.ts'
import { equalBytes, fromHex } from '../../shared/proof/hash.ts'
import { type Given, questionHash, verdictDigest, verdictMessage } from '../../shared/proof/verdict.ts'
import type { VerdictCommit } from '../../shared/protocol/messages.ts'
import type { RoundConfig } from '../config.ts'
import type { JudgePart, OpenedVerdicts, Participant, PlannedChallenge } from './types.ts'

/** What an opened verdict is held against; needs no connection. */
export interface VerdictPlace extends Pick<JudgePart, 'shown' | 'slots'> {
  readonly challenge: Pick<PlannedChallenge, 'id' | 'prompt'>
  readonly judge: Pick<Participant, 'hotkey' | 'publicKey' | 'model'>
}

export type VerdictConfig = Pick<RoundConfig, 'judgeMethod' | 'judgeTemperature' | 'verdictTokens'>

/** What the judge of a part is asked. */
export function questionOf({ challenge, shown }: VerdictPlace, config: VerdictConfig) {
  return {
    prompt: challenge.prompt,
    answers: shown.map(({ text }) => text),
    method: config.judgeMethod,
    temperature: config.judgeTemperature,
    maxTokens: config.verdictTokens,
  }
}

/** @returns what is wrong with a judge's commit, or undefined */
export function verdictCommitFault(
  { challenge, judge }: Pick<VerdictPlace, 'challenge' | 'judge'>,
  { digest, signature }: Pick<VerdictCommit, 'digest' | 'signature'>,
): string | undefined {
  const isSigned = verifySignature(verdictMessage(challenge.id, digest), signature, judge.hotkey)
  return isSigned ? undefined : 'the verdict commit is not the judge’s'
}

/**
 * @param validator the validator's public key, which verdicts are bound to
 * @param text codec of the judge's model; without one it is not checked whether verdicts end too early
 * @returns what is wrong with the opening of a judge's commit, or undefined
 */
export function verdictFault(
  place: VerdictPlace,
  validator: Uint8Array,
  config: VerdictConfig,
  { digest }: Pick<VerdictCommit, 'digest'>,
  { given, salt }: Pick<OpenedVerdicts, 'given' | 'salt'>,
  text: TextCodec | undefined,
): string | undefined {
  const { challenge, judge } = place
  const misfit = givenFault(place, config, given, text)
  if (misfit !== undefined) return misfit
  const { hash, executionClass } = judge.model
  const opening = {
    ...{ challenge: challenge.id, validator, judge: judge.publicKey, model: fromHex(hash), executionClass },
    ...{ question: questionHash(questionOf(place, config)), given, salt },
  }
  return equalBytes(verdictDigest(opening), digest) ? undefined : 'the verdict does not open its commit'
}

function givenFault(
  place: VerdictPlace,
  config: VerdictConfig,
  given: Given,
  text: TextCodec | undefined,
): string | undefined {
  if (given.method !== config.judgeMethod)
    return `the verdict is ${given.method}, and ${config.judgeMethod} was asked for`
  const { shown, slots, judge } = place
  const [count, due] =
    given.method === 'likelihood'
      ? [given.scores.length, shown.length]
      : [given.verdicts.length, slots.length]
  if (count !== due) return 'the verdict does not fit the answers'
  if (given.method === 'likelihood') return undefined
  for (const [k, tokens] of given.verdicts.entries()) {
    const { prompt } = slots[k]!
    if (prompt === undefined && tokens.length > 0)
      return `verdict ${k} is on answers with one result, or of which one has none`
    if (prompt === undefined) continue
    const room = () => text && judge.model.contextLength - text.encodePrompt(prompt).length
    const wrong = tokensFault(tokens, judge.model, config.verdictTokens, room)
    if (wrong !== undefined) return `verdict ${k}: ${wrong}`
  }
  return undefined
}

/** @param room that the context has behind the prompt, where that is known */
function tokensFault(
  tokens: readonly number[],
  { stopTokens, vocabularySize }: Participant['model'],
  most: number,
  room: () => number | undefined,
): string | undefined {
  if (tokens.length === 0) return 'no tokens'
  const isEnded = stopTokens.includes(tokens.at(-1)!)
  const maxTokens = isEnded ? most : Math.min(most, room() ?? tokens.length)
  return checkShape(tokens, isEnded ? 'stop' : 'length', { maxTokens, stopTokens, vocabularySize })
}
