import { describe, expect, it } from 'vitest'
import type { Clock } from '../../../shared/process/clock.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { commitMessage } from '../../../shared/proof/commit.ts'
import { RefusedError } from '../../../shared/protocol/refused-error.ts'
import type { Session } from '../../../shared/protocol/session.ts'
import { roundConfigSchema } from '../../../validator/config.ts'
import { collectCommits, collectReveals } from '../../../validator/round/answers.ts'
import { deadSession, makeChallenge, makeParticipants } from '../../support/participants.ts'

const [miner, other] = makeParticipants(2)
const digest = new Uint8Array(32).fill(7)
const beacon = new Uint8Array(32).fill(8)
const challenge = makeChallenge(0)

/** Time that moves 500 ms with every look. */
function makeParts() {
  let time = 0
  const clock: Clock = { now: () => 0, monotonic: () => (time += 500) }
  return { round: 1, config: roundConfigSchema.parse({}), clock, signal: new AbortController().signal }
}

async function ask(answer: (message: { type: string; id: Uint8Array }) => unknown, pingMs = 20) {
  const request = (async (message: { type: string; id: Uint8Array }) =>
    answer(message)) as unknown as Session['request']
  const session = { ...deadSession(miner!.hotkey, request), pingMs: () => pingMs }
  const planned = { ...challenge, answerers: [{ ...miner!, session }] }
  const parts = makeParts()
  const commits = await collectCommits([planned], parts)
  return { commit: commits[0]!, attempt: (await collectReveals(commits, beacon, parts))[0]! }
}

const commitBy = (signer = miner!.signer, id = challenge.id) => {
  return { type: 'commit', id, digest, signature: signer.sign(commitMessage(id, digest)) }
}
const refuse = (code: string) => {
  throw new RefusedError(miner!.hotkey, { type: 'refusal', code, message: 'no' })
}

describe('collectCommits', () => {
  it('takes a signed commit, and times it less the ping', async () => {
    const { commit, attempt } = await ask(({ type }) =>
      type === 'challenge' ? commitBy() : { type: 'reveal' },
    )
    expect(commit).toMatchObject({ milliseconds: 480 })
    expect(attempt.result).toBe('revealed')
  })

  it('takes no more off for a ping than the Earth is wide', async () => {
    const { commit } = await ask(
      ({ type }) => (type === 'challenge' ? commitBy() : { type: 'reveal' }),
      4_900,
    )
    expect(commit).toMatchObject({ milliseconds: 100 })
  })

  it.each([
    ['signed by somebody else', () => commitBy(other!.signer)],
    ['of another challenge', () => commitBy(miner!.signer, new Uint8Array(32).fill(9))],
  ])('counts a commit %s as missed', async (_name, commit) => {
    expect((await ask(commit)).attempt.result).toBe('missed')
  })

  it('tells the miner the beacon with the request to reveal, and not before', async () => {
    const heard: unknown[] = []
    await ask((message) => {
      heard.push(message)
      return message.type === 'challenge' ? commitBy() : { type: 'reveal' }
    })
    expect(heard[0]).not.toHaveProperty('beacon')
    expect(heard[1]).toMatchObject({ type: 'reveal-request', beacon })
  })

  it('tells an explicit busy from every other failure', async () => {
    expect((await ask(() => refuse('BUSY'))).attempt.result).toBe('refused')
    expect((await ask(() => refuse('UNKNOWN_MODEL'))).attempt.result).toBe('missed')
    const late = () => {
      throw new StarlingError('TIMEOUT', 'no reply')
    }
    expect((await ask(late)).attempt.result).toBe('missed')
  })
})

describe('collectReveals', () => {
  it('counts a commit without its reveal as missed, even when the miner calls it busy', async () => {
    const { attempt } = await ask(({ type }) => (type === 'challenge' ? commitBy() : refuse('BUSY')))
    expect(attempt.result).toBe('missed')
  })
})
