import { signerFromUri } from '../../shared/chain/wallet/dev-keys.ts'
import type { Signer } from '../../shared/chain/wallet/signer.ts'
import type { ModelInfo } from '../../shared/inference/engine.ts'
import type { Session } from '../../shared/protocol/session.ts'
import type { AuditedAnswer, Participant, PlannedChallenge } from '../../validator/round/types.ts'

export const testModel: ModelInfo = {
  name: 'test',
  hash: `0x${'ab'.repeat(32)}`,
  executionClass: 'cpu-fp32/test',
  vocabularySize: 259,
  contextLength: 512,
  eosToken: 257,
  stopTokens: [257],
  level: 2,
}

/** A session on which every request fails, unless a test gives the one it needs. */
export function deadSession(hotkey: string, request?: Session['request']): Session {
  return {
    hotkey,
    models: [],
    request: request ?? (() => Promise.reject(new Error('not connected'))),
    pingMs: () => 0,
    closed: new Promise(() => {}),
    close: () => {},
  }
}

/** `count` participants with keys //Miner0, //Miner1 … */
export function makeParticipants(
  count: number,
  model: ModelInfo = testModel,
): (Participant & { signer: Signer })[] {
  return Array.from({ length: count }, (_, uid) => {
    const signer = signerFromUri(`//Miner${uid}`)
    return {
      uid,
      hotkey: signer.address,
      publicKey: signer.publicKey,
      coldkey: `cold-${uid}`,
      model,
      session: deadSession(signer.address),
      signer,
    }
  })
}

export function makeChallenge(index: number, change: Partial<PlannedChallenge> = {}): PlannedChallenge {
  const id = new Uint8Array(32).fill(index + 1)
  const lot = { output: new Uint8Array(32).fill(index + 1), proof: new Uint8Array(64) }
  const prompt = change.prompt ?? `prompt ${index}`
  const task = change.gold ?? { family: 'add', prompt, answer: '1234' }
  return { index, id, lot, prompt, task, gold: undefined, answerers: [], judges: [], ...change }
}

export function makeAudited(
  challenge: PlannedChallenge,
  miner: Participant,
  change: Partial<AuditedAnswer> = {},
): AuditedAnswer {
  return {
    challenge,
    miner,
    result: 'accept',
    reason: '',
    text: `answer of ${miner.uid}`,
    tokens: 80,
    surprise: 30,
    milliseconds: 100,
    ...change,
  }
}
