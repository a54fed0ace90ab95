import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import type { Signer } from '../../../shared/chain/wallet/signer.ts'
import { caseCommit } from '../../../shared/dispute/case.ts'
import { createDesk, type DeskOptions, type DisputeDesk } from '../../../shared/dispute/desk.ts'
import type { Hear } from '../../../shared/dispute/hear-case.ts'
import { hearSession } from '../../../shared/dispute/hear-session.ts'
import type { Side } from '../../../shared/dispute/referee.ts'
import type { Evaluate } from '../../../shared/inference/reference/evaluate.ts'
import type { HeldModel } from '../../../shared/inference/reference/reference-model.ts'
import { runTrace, traceLogits } from '../../../shared/inference/reference/trace.ts'
import { sampleToken } from '../../../shared/inference/sampler.ts'
import { bytesCodec } from '../../../shared/inference/text/bytes-codec.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import { personalSeed } from '../../../shared/proof/challenge-id.ts'
import { commitMessage } from '../../../shared/proof/commit.ts'
import { fromHex } from '../../../shared/proof/hash.ts'
import type { DisputeCase } from '../../../shared/protocol/dispute-messages.ts'
import type { Session } from '../../../shared/protocol/session.ts'

export const KEYS: Readonly<Record<Side | 'referee', Signer>> = {
  challenger: signerFromUri('//Alice'),
  defender: signerFromUri('//Bob'),
  referee: signerFromUri('//Charlie'),
}

const SAMPLING = { temperature: 1, topK: 0, topP: 1 }

/** An honest answer of so many tokens, signed by the defender; token 3 is in dispute. */
export async function honestCase(held: HeldModel, evaluate: Evaluate, count = 6): Promise<DisputeCase> {
  const { architecture, layout } = held.reference
  const challenge = new Uint8Array(32).fill(5)
  const prompt = 'Add 3 and 4.'
  const seed = personalSeed(challenge, KEYS.defender.publicKey)
  const fed = bytesCodec.encodePrompt(prompt)
  const tokens: number[] = []
  while (tokens.length < count) {
    const plan = { architecture, layout, tokens: [...fed, ...tokens] }
    const logits = traceLogits(await runTrace(plan, held.weights, evaluate))
    const row = logits.subarray(-architecture.vocabularySize)
    tokens.push(sampleToken(row, SAMPLING, seed, tokens.length))
  }
  return signCase({
    validator: KEYS.challenger.publicKey,
    challenger: KEYS.challenger.publicKey,
    defender: KEYS.defender.publicKey,
    challenge,
    prompt,
    model: fromHex(held.hash),
    executionClass: 'cpu-fp32/ort-1.30.0',
    sampling: { ...SAMPLING, maxTokens: count },
    tokens,
    finish: 'length',
    salt: new Uint8Array(32).fill(6),
    sketchRoot: new Uint8Array(32),
    signature: new Uint8Array(64),
    position: 3,
  })
}

/** The case with another token where it is disputed, signed all the same: a cheat's answer. */
export function cheatedCase(honest: DisputeCase): DisputeCase {
  const tokens = honest.tokens.map((token, i) => (i === honest.position ? (token + 1) % 256 : token))
  return signCase({ ...honest, tokens })
}

export function signCase(dispute: DisputeCase, signer = KEYS.defender): DisputeCase {
  return { ...dispute, signature: signer.sign(commitMessage(dispute.challenge, caseCommit(dispute))) }
}

export function deskOf(side: Side, held: HeldModel, evaluate: Evaluate, change: Partial<DeskOptions> = {}) {
  return createDesk({
    side,
    signer: KEYS[side],
    model: async () => held,
    evaluate,
    clock: systemClock,
    log: silentLog(),
    ...change,
  })
}

/** Asks a desk as if over a connection. */
export function hearDesk(desk: DisputeDesk, dispute: DisputeCase): Hear {
  const request = async (message: Parameters<Session['request']>[0]) => {
    if (message.type === 'dispute-open') return desk.open(message)
    if (message.type === 'dispute-move') return desk.move(message)
    throw new Error(`no desk takes ${message.type}`)
  }
  return hearSession({ request: request as Session['request'] }, dispute)
}

/** A model with one weight changed, which opens the true weights where it is asked for them. */
export function flippedWeight(held: HeldModel): HeldModel {
  const weights = new Map(held.weights)
  const down = Float32Array.from(weights.get('layer1.down')!)
  down[7] = down[7]! + 0.25
  return { ...held, weights: weights.set('layer1.down', down) }
}
