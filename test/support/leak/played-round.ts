import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { distort } from '../../../shared/inference/tasks/judge.ts'
import { openingSentence } from '../../../shared/inference/tasks/prose.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import { taggedHash, toHex, u32 } from '../../../shared/proof/hash.ts'
import { seededRandom } from '../../../shared/proof/random.ts'
import { encodeFrame } from '../../../shared/protocol/codec.ts'
import type { Message } from '../../../shared/protocol/messages.ts'
import type { Session } from '../../../shared/protocol/session.ts'
import type { RoundConfig } from '../../../validator/config.ts'
import { collectCommits } from '../../../validator/round/answers.ts'
import { collectVerdicts } from '../../../validator/round/judging.ts'
import type { Past } from '../../../validator/round/past.ts'
import { planRound } from '../../../validator/round/plan.ts'
import type { PlannedChallenge } from '../../../validator/round/types.ts'
import { deadSession, makeAudited, makeParticipants } from '../participants.ts'

/** A challenge with all that anybody but its validator sees of it before it is settled. */
export interface SeenChallenge {
  readonly challenge: PlannedChallenge
  /** Challenges of its round. */
  readonly count: number
  /** What its answerers and its judges were sent, as bytes, and how long each had. */
  readonly asked: readonly Sent[]
  readonly judged: readonly Sent[]
}

export interface Sent {
  readonly frame: Uint8Array
  readonly timeoutMs: number
}

const MINERS = makeParticipants(6)
const VALIDATOR = signerFromUri('//Alice')

/** One round by the validator's own code, of miners that reply nothing; in place of the key a hash draws the lots. */
export async function playRound(round: number, config: RoundConfig, past: Past): Promise<SeenChallenge[]> {
  const sent = new Map<string, Sent[]>()
  const request = ((
    message: Message & { readonly id: Uint8Array },
    options: { readonly timeoutMs: number },
  ) => {
    const key = `${message.type} ${toHex(message.id)}`
    const those = sent.get(key) ?? []
    sent.set(key, [...those, { frame: encodeFrame(1, message), timeoutMs: options.timeoutMs }])
    return Promise.reject(new Error('no reply'))
  }) as unknown as Session['request']
  const miners = MINERS.map((miner) => ({ ...miner, session: deadSession(miner.hotkey, request) }))
  const vrf = (message: Uint8Array) => {
    return { output: taggedHash('test', message), proof: new Uint8Array(64) }
  }
  const place = {
    ...{ chainMarker: toHex(new Uint8Array(32)), netuid: 1, validator: VALIDATOR.publicKey },
    blockHash: toHex(taggedHash('block', u32(round))),
  }
  const challenges = planRound(place, miners, vrf, config, past)
  const ask = { round, config, clock: systemClock, signal: new AbortController().signal }
  await collectCommits(challenges, ask)
  await collectVerdicts(challenges.flatMap(answersTo), {
    ...{ ...ask, engines: [], calibrations: new Map(), log: silentLog() },
    ...{ signer: { ...VALIDATOR, vrf }, replayShareOf: () => 0 },
  })
  const sentOf = (type: string, { id }: PlannedChallenge) => sent.get(`${type} ${toHex(id)}`) ?? []
  return challenges.map((challenge) => ({
    ...{ challenge, count: challenges.length },
    ...{ asked: sentOf('challenge', challenge), judged: sentOf('judge', challenge) },
  }))
}

/** Accepted answers, seven in ten right; whether they are is known on gold alone. */
function answersTo(challenge: PlannedChallenge) {
  return challenge.answerers.map((miner) => {
    const random = seededRandom(taggedHash('answer', challenge.id, miner.publicKey))
    const correct = random() < 0.7
    const { answer } = challenge.task
    const result = correct ? answer : distort(random, answer)
    const text = `${openingSentence(random, 'shy fox')}\nanswer: ${result}`
    return makeAudited(challenge, miner, {
      text,
      ...(challenge.gold === undefined ? {} : { correct }),
    })
  })
}
