import { createHash } from 'node:crypto'
import type { Answerer } from '../../../../miner/answerer.ts'
import type { Signer } from '../../../../shared/chain/wallet/signer.ts'
import type { Engine } from '../../../../shared/inference/engine.ts'
import { toHex } from '../../../../shared/proof/hash.ts'
import { lotMessage, promptSeed } from '../../../../shared/proof/lot.ts'
import type { RoundConfig } from '../../../../validator/config.ts'
import { promptFor } from '../../../../validator/round/prompts.ts'
import { cannedSketches, WRONG } from './canned-engine.ts'

/** Share of the answers to gold that are right. */
const RIGHT = 0.7
/** Different results of those that are not: more than judges are shown. */
const WRONG_RESULTS = 24

/**
 * Answers without a model, two in three of them right: these miners hold the validator's own key, and so know what it knows. No two
 * answer with the same words.
 */
export function cannedAnswerer(
  { text, model }: Pick<Engine, 'text' | 'model'>,
  hotkey: string,
  resultOf: (challenge: Uint8Array) => string,
): Answerer {
  return async ({ id }) => {
    const digest = createHash('sha256').update(id).update(hotkey).digest()
    const result = resultOf(id)
    const isRight = digest.readUInt32LE(0) / 2 ** 32 < RIGHT
    const steps = digest.toString('hex').replace(/(.{4})/g, '$1 ')
    const wrong = `${WRONG}${result} ${digest[4]! % WRONG_RESULTS}`
    const words = `The steps are ${steps}and so\nanswer: ${isRight ? result : wrong}`
    const tokens = [...text.encodeText(words), model.eosToken]
    const sketches = cannedSketches(tokens, [...tokens.keys()])
    return { text: words, tokens, finish: 'stop', sketches }
  }
}

/** The result that a challenge asks for, from the validator's key; each is worked out once. */
export function knownResults(validator: Signer, config: RoundConfig): (challenge: Uint8Array) => string {
  const known = new Map<string, string>()
  return (id) => {
    const key = toHex(id)
    const before = known.get(key)
    if (before !== undefined) return before
    const lot = validator.vrf(lotMessage(id))
    const result = promptFor(promptSeed(lot.output), config).task.answer
    known.set(key, result)
    return result
  }
}
