import { describe, expect, it } from 'vitest'
import { commitVerdict, type JudgingParts, revealVerdict } from '../../../miner/judging.ts'
import { createPending } from '../../../miner/pending.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { fromHex } from '../../../shared/proof/hash.ts'
import { type Given, questionHash, verdictDigest } from '../../../shared/proof/verdict.ts'
import type { Judge } from '../../../shared/protocol/messages.ts'
import { testModel } from '../../support/participants.ts'

const signer = signerFromUri('//Miner0')
const validator = signerFromUri('//Alice')
const salt = new Uint8Array(32).fill(4)

const request: Judge = {
  ...{ type: 'judge', id: new Uint8Array(32).fill(1), round: 3, prompt: 'which' },
  ...{ answers: ['a', 'b'], method: 'prompted', temperature: 0.3, maxTokens: 50, deadlineMs: 60_000 },
}

function partsWith(judge: JudgingParts['judge'], capacity = 4): JudgingParts {
  const pending = createPending<never>(capacity, 60_000, systemClock)
  return { judge, model: testModel, signer, pending, randomBytes: () => salt } as unknown as JudgingParts
}

const given: Given = { method: 'prompted', verdicts: [[65, 257], []] }

describe('a miner’s verdict', () => {
  it('is committed to with its model and its question, and opens that', async () => {
    const parts = partsWith(async () => given)
    const { digest } = await commitVerdict(parts, validator.address, request)
    const verdict = await revealVerdict(parts.pending, validator.address, request.id)
    expect(verdict).toEqual({ type: 'verdict', id: request.id, given, salt })
    const { hash, executionClass } = testModel
    const opening = {
      ...{ challenge: request.id, validator: validator.publicKey, judge: signer.publicKey },
      ...{ model: fromHex(hash), executionClass, question: questionHash(request) },
    }
    expect(verdictDigest({ ...opening, given: verdict.given, salt: verdict.salt })).toEqual(digest)
  })

  it('is made once, however often it is asked for', async () => {
    let judged = 0
    const parts = partsWith(async () => {
      judged++
      return given
    })
    const ask = () => commitVerdict(parts, validator.address, request)
    expect(await ask()).toEqual(await ask())
    expect(judged).toBe(1)
  })

  it('is given up when its deadline passes, and may be asked for again', async () => {
    const parts = partsWith((_request, signal) => {
      return new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)))
    })
    const late = { ...request, deadlineMs: 1 }
    await expect(commitVerdict(parts, validator.address, late)).rejects.toMatchObject({ code: 'TOO_LATE' })
    expect(parts.pending.size).toBe(0)
    await expect(revealVerdict(parts.pending, validator.address, request.id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('is declined where too many wait, before any work', async () => {
    let judged = 0
    const parts = partsWith(async () => {
      judged++
      return given
    }, 1)
    await commitVerdict(parts, validator.address, request)
    const other = { ...request, id: new Uint8Array(32).fill(2) }
    await expect(commitVerdict(parts, validator.address, other)).rejects.toMatchObject({ code: 'BUSY' })
    expect(judged).toBe(1)
  })
})
