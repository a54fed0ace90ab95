import { randomBytes } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { signerFromUri } from '../../../../shared/chain/wallet/dev-keys.ts'
import { systemClock } from '../../../../shared/process/clock.ts'
import { commitMessage } from '../../../../shared/proof/commit.ts'
import { fromHex } from '../../../../shared/proof/hash.ts'
import { connectAxon } from '../../../../shared/protocol/axon-client.ts'
import { startAxon } from '../../../../shared/protocol/axon-server.ts'
import type { Reply, Request } from '../../../../shared/protocol/messages.ts'
import { collectCommits, collectReveals } from '../../../../validator/round/answers.ts'
import type { Attempt, PlannedChallenge } from '../../../../validator/round/types.ts'
import { miner, otherMiner } from '../audit-answers.ts'
import { benchConfig, type ClassSession } from '../context.ts'
import type { AttackRow } from '../results.ts'
import { reasonsOf, tally } from '../trial.ts'

/** What a miner does with its messages, over a real connection. */
export const LATE_KINDS = [
  'late commit',
  'commit signed by another',
  'late reveal',
  'reveal withheld',
] as const
export type LateKind = (typeof LATE_KINDS)[number]

/** Milliseconds that the validator waits for a message which does not come before it gives up. */
const WAIT_MS = 100
/** Requests under way at once that a session allows. */
const AT_ONCE = 32

const validator = signerFromUri('//Alice')

/** How the validator's round takes it: none of these ever becomes an answer. */
export async function lateRow(session: ClassSession, kind: LateKind, count: number): Promise<AttackRow> {
  const attempts: Attempt[] = []
  while (attempts.length < count)
    attempts.push(...(await askMany(session, kind, Math.min(AT_ONCE, count - attempts.length))))
  const verdicts = attempts.map((attempt) =>
    // What was revealed in time has still to be audited; here nothing may come so far.
    attempt.result === 'revealed'
      ? ({ verdict: 'accept', reason: '' } as const)
      : ({ verdict: attempt.result, reason: attempt.reason } as const),
  )
  return { class: session.class.name, attack: kind, ...tally(verdicts), reasons: reasonsOf(verdicts) }
}

async function askMany({ verifier }: ClassSession, kind: LateKind, count: number): Promise<Attempt[]> {
  const { model } = verifier
  let validatorGaveUp = () => {}
  const late = new Promise<void>((resolve) => {
    validatorGaveUp = resolve
  })
  const offer = { name: model.name, hash: fromHex(model.hash), executionClass: model.executionClass }
  const axon = await startAxon({
    ...{ ip: '127.0.0.1', port: 0, signer: miner, models: [offer] },
    authorize: () => undefined,
    handle: (request) => answer(request, kind, late),
  })
  const { ip, port } = axon
  try {
    const session = await connectAxon({ ip, port, signer: validator, hotkey: miner.address })
    const asked = {
      uid: 0,
      hotkey: miner.address,
      publicKey: miner.publicKey,
      coldkey: miner.address,
      model,
      session,
    }
    const challenges = Array.from({ length: count }, (_, index): PlannedChallenge => {
      const lot = { output: new Uint8Array(32), proof: new Uint8Array(64) }
      return {
        index,
        id: randomBytes32(),
        lot,
        prompt: 'Tell.',
        task: { family: 'add', prompt: 'Tell.', answer: '' },
        gold: undefined,
        answerers: [asked],
        judges: [],
      }
    })
    const config = benchConfig({
      revealMs: WAIT_MS,
      ...(kind === 'late commit' ? { commitMs: WAIT_MS } : {}),
    })
    const { signal } = new AbortController()
    // Every miner that is asked at once listens to it.
    setMaxListeners(0, signal)
    const parts = { round: 0, config, clock: systemClock, signal }
    const attempts = await collectReveals(await collectCommits(challenges, parts), randomBytes32(), parts)
    validatorGaveUp()
    session.close()
    return attempts
  } finally {
    await axon.close()
  }
}

/** The miner's side: everything in order but one thing. */
async function answer(request: Request, kind: LateKind, late: Promise<void>): Promise<Reply> {
  if (request.type === 'challenge') {
    if (kind === 'late commit') await late
    const digest = randomBytes32()
    const signer = kind === 'commit signed by another' ? otherMiner : miner
    const signature = signer.sign(commitMessage(request.id, digest))
    return { type: 'commit', id: request.id, digest, signature }
  }
  if (kind === 'late reveal') await late
  throw new Error('the answer is withheld')
}

const randomBytes32 = () => Uint8Array.from(randomBytes(32))
