import { describe, expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import { verdictDigest, verdictMessage } from '../../../shared/proof/verdict.ts'
import type { Session } from '../../../shared/protocol/session.ts'
import { roundConfigSchema } from '../../../validator/config.ts'
import { collectVerdicts, fieldsToJudge } from '../../../validator/round/judging.ts'
import { deadSession, makeAudited, makeChallenge, makeParticipants } from '../../support/participants.ts'

const validator = signerFromUri('//Alice')
const miners = makeParticipants(5)
const salt = new Uint8Array(32).fill(4)

/** A judge that commits to `committed` and reveals `revealed`. */
function judgeWith(committed: number[], revealed = committed, signer = miners[4]!.signer) {
  const judge = miners[4]!
  const request = (async (message: { type: string; id: Uint8Array }) => {
    const opening = { challenge: message.id, validator: validator.publicKey, judge: judge.publicKey, salt }
    const digest = verdictDigest({ ...opening, scores: committed })
    if (message.type === 'judge') {
      const signature = signer.sign(verdictMessage(message.id, digest))
      return { type: 'verdict-commit', id: message.id, digest, signature }
    }
    return { type: 'verdict', id: message.id, scores: revealed, salt }
  }) as unknown as Session['request']
  return { ...judge, session: deadSession(judge.hotkey, request) }
}

async function verdictOf(judge: ReturnType<typeof judgeWith>): Promise<readonly number[] | undefined> {
  const challenge = makeChallenge(0, { judges: [judge] })
  const audited = miners.slice(0, 3).map((miner) => makeAudited(challenge, miner))
  const parts = {
    round: 1,
    config: roundConfigSchema.parse({}),
    clock: systemClock,
    signal: new AbortController().signal,
    signer: validator,
    log: silentLog(),
  }
  return (await collectVerdicts(audited, parts))[0]!.scores
}

describe('collectVerdicts', () => {
  it('takes a verdict that opens its commit', async () => {
    expect(await verdictOf(judgeWith([-1, -2, -3]))).toEqual([-1, -2, -3])
  })

  it('drops a verdict that was changed after the commit', async () => {
    expect(await verdictOf(judgeWith([-1, -2, -3], [-3, -2, -1]))).toBeUndefined()
  })

  it('drops a commit that somebody else signed', async () => {
    expect(await verdictOf(judgeWith([-1, -2, -3], [-1, -2, -3], miners[0]!.signer))).toBeUndefined()
  })

  it('drops a verdict with too many or too few numbers', async () => {
    expect(await verdictOf(judgeWith([-1, -2]))).toBeUndefined()
    expect(await verdictOf(judgeWith([-1, -2, -3, -4]))).toBeUndefined()
  })
})

describe('fieldsToJudge', () => {
  it('shows accepted answers only, to every judge the same, in an order that the lot decides', () => {
    const challenge = makeChallenge(0, { judges: miners.slice(3) })
    const audited = miners.map((miner) =>
      makeAudited(challenge, miner, miner.uid === 1 ? { result: 'reject' } : {}),
    )
    const fields = fieldsToJudge(audited)
    expect(fields).toHaveLength(2)
    expect(fields[0]!.answers).toEqual(fields[1]!.answers)
    expect(fields[0]!.answers.map(({ miner }) => miner.uid).sort()).toEqual([0, 2, 3, 4])
    const orders = [1, 2, 3, 4, 5, 6].map((n) => {
      const lot = { output: new Uint8Array(32).fill(n), proof: new Uint8Array(64) }
      const drawn = { ...challenge, lot }
      const shown = fieldsToJudge(miners.map((miner) => makeAudited(drawn, miner)))
      return shown[0]!.answers.map(({ miner }) => miner.uid).join()
    })
    expect(new Set(orders).size).toBeGreaterThan(1)
  })

  it('asks nobody to judge a single answer', () => {
    const challenge = makeChallenge(0, { judges: miners.slice(3) })
    expect(fieldsToJudge([makeAudited(challenge, miners[0]!)])).toEqual([])
  })
})
