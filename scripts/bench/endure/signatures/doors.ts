import type { IncomingMessage } from 'node:http'
import { acceptReceipt } from '../../../../miner/receipts/accept-receipt.ts'
import { signerFromUri } from '../../../../shared/chain/wallet/dev-keys.ts'
import { addressOf } from '../../../../shared/chain/wallet/signer.ts'
import { below, type Random } from '../../../../shared/inference/random.ts'
import { systemClock } from '../../../../shared/process/clock.ts'
import { StarlingError } from '../../../../shared/process/errors.ts'
import { silentLog } from '../../../../shared/process/logging.ts'
import { commitMessage } from '../../../../shared/proof/commit.ts'
import { taggedHash, u32 } from '../../../../shared/proof/hash.ts'
import { receiptMessage, roundRoot } from '../../../../shared/proof/receipt.ts'
import { verdictMessage } from '../../../../shared/proof/verdict.ts'
import { AXON_PATH } from '../../../../shared/protocol/axon.ts'
import { nextNonce, type SignedRequest, signedBytes } from '../../../../shared/protocol/btauth.ts'
import { checkHello, helloMessage } from '../../../../shared/protocol/hello.ts'
import { SESSION_LIMITS } from '../../../../shared/protocol/limits.ts'
import { PROTOCOL_VERSION } from '../../../../shared/protocol/messages.ts'
import { createNonceStore } from '../../../../shared/protocol/nonce-store.ts'
import type { Session } from '../../../../shared/protocol/session.ts'
import { createUpgradeGuard, UpgradeRefused } from '../../../../shared/protocol/upgrade-guard.ts'
import { upgradeTarget } from '../../../../shared/protocol/upgrade-target.ts'
import { roundConfigSchema } from '../../../../validator/config.ts'
import { collectCommits } from '../../../../validator/round/answers.ts'
import { verdictCommitFault } from '../../../../validator/round/check-verdict.ts'
import type { Participant, PlannedChallenge } from '../../../../validator/round/types.ts'
import type { Material } from './forgeries.ts'

export type Forge = (material: Material) => Uint8Array

/** A place at which a signature decides: tries a forged one, and says what it was refused with, or nothing where it got in. */
export type Door = (forge: Forge, random: Random) => Promise<string | undefined> | string | undefined

export const VICTIM = signerFromUri('//endure//victim')
export const STRANGER = signerFromUri('//endure//stranger')
const LISTENER = signerFromUri('//endure//target')

/** Anybody could sign for it. */
export const NOBODY = addressOf(new Uint8Array(32))

const draw = (random: Random): Uint8Array => taggedHash('starling/endure', u32(below(random, 2 ** 32)))

/** The guard of a listener, as the axon and the gate have it. */
export const guard = createUpgradeGuard({
  ...{ self: LISTENER.address, path: AXON_PATH, clock: systemClock },
  limits: { ...SESSION_LIMITS, upgradesPerMinute: 1e9 },
  nonces: createNonceStore({ capacity: 1e6, lifetimeMs: 60_000 }),
  authorize: () => undefined,
  connections: () => 0,
})

export const DOORS: Readonly<Record<string, Door>> = {
  upgrade(forge, random) {
    const request = upgradeRequest(draw(random))
    const message = signedBytes(request)
    const earlier = signedBytes({ ...request, nonce: nextNonce(Date.now() - 3_600_000) })
    const elsewhere = signedBytes({ ...request, method: 'POST' })
    return ask(request, forge({ victim: VICTIM, stranger: STRANGER, message, earlier, elsewhere, random }))
  },

  hello(forge, random) {
    const [upgrade, key] = [draw(random), draw(random)]
    const facts = { version: PROTOCOL_VERSION, hotkey: VICTIM.publicKey, key }
    const message = helloMessage(upgrade, facts)
    const earlier = helloMessage(draw(random), facts)
    const elsewhere = commitMessage(upgrade, key)
    const signature = forge({ victim: VICTIM, stranger: STRANGER, message, earlier, elsewhere, random })
    return refusalOf(() => checkHello({ type: 'hello', ...facts, signature }, VICTIM.address, upgrade))
  },

  'hello of the key of zeros'(forge, random) {
    const [upgrade, key] = [draw(random), draw(random)]
    const facts = { version: PROTOCOL_VERSION, hotkey: new Uint8Array(32), key }
    const message = helloMessage(upgrade, facts)
    const earlier = helloMessage(draw(random), facts)
    const elsewhere = commitMessage(upgrade, key)
    const signature = forge({ victim: VICTIM, stranger: STRANGER, message, earlier, elsewhere, random })
    return refusalOf(() => checkHello({ type: 'hello', ...facts, signature }, NOBODY, upgrade))
  },

  async commit(forge, random) {
    const [id, digest] = [draw(random), draw(random)]
    const message = commitMessage(id, digest)
    const earlier = commitMessage(draw(random), digest)
    const elsewhere = verdictMessage(id, digest)
    const signature = forge({ victim: VICTIM, stranger: STRANGER, message, earlier, elsewhere, random })
    const request = async () => ({ type: 'commit', id, digest, signature })
    const [answer] = await collectCommits([challengeOf(id, request as unknown as Session['request'])], ASK)
    return answer !== undefined && 'commit' in answer ? undefined : (answer?.reason ?? 'no answer')
  },

  verdict(forge, random) {
    const [id, digest] = [draw(random), draw(random)]
    const message = verdictMessage(id, digest)
    const earlier = verdictMessage(draw(random), digest)
    const elsewhere = commitMessage(id, digest)
    const signature = forge({ victim: VICTIM, stranger: STRANGER, message, earlier, elsewhere, random })
    const judge = { hotkey: VICTIM.address } as Participant
    return verdictCommitFault({ challenge: { id, prompt: '' }, judge }, { digest, signature })
  },

  receipt(forge, random) {
    const round = below(random, 2 ** 31)
    const row = Buffer.from(JSON.stringify({ ...ROW, hotkey: STRANGER.address }))
    const root = roundRoot([row])
    const message = receiptMessage(round, 1, root)
    const earlier = receiptMessage(round + 1, 1, root)
    const elsewhere = commitMessage(root, root)
    const signature = forge({ victim: VICTIM, stranger: STRANGER, message, earlier, elsewhere, random })
    const receipt = { type: 'receipt', round, row, index: 0, count: 1, path: [], root, signature } as const
    return refusalOf(() => acceptReceipt({ ...receipt, path: [] }, VICTIM.address, RECEIPTS))
  },
}

export function upgradeRequest(key: Uint8Array, nonce = nextNonce(Date.now())): SignedRequest {
  return {
    ...{ scheme: 'sr25519', method: 'GET', target: upgradeTarget(AXON_PATH, key), body: new Uint8Array(0) },
    ...{ nonce, sender: VICTIM.address, receiver: LISTENER.address },
  }
}

/** @returns the code of the refusal, or undefined where the upgrade is let in */
export function ask(
  request: SignedRequest,
  signature: Uint8Array,
  more: Readonly<Record<string, string>> = {},
): string | undefined {
  const headers = {
    ...{ 'x-bittensor-version': '1', 'x-bittensor-hotkey': request.sender },
    ...{ 'x-bittensor-receiver': request.receiver, 'x-bittensor-nonce': request.nonce },
    'x-bittensor-signature': `0x${Buffer.from(signature).toString('hex')}`,
    ...more,
  }
  const socket = { remoteAddress: '127.0.0.1' }
  const incoming = { method: request.method, url: request.target, headers, socket }
  return refusalOf(() => guard(incoming as unknown as IncomingMessage))
}

/** Its code, as a caller gets to see it; anything but a coded refusal is no refusal, but a fault. */
function refusalOf(act: () => unknown): string | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof UpgradeRefused) return error.reason.code
    if (error instanceof StarlingError) return error.code
    throw error
  }
}

const ASK = {
  ...{ round: 1, config: roundConfigSchema.parse({}), clock: systemClock },
  signal: new AbortController().signal,
}

function challengeOf(id: Uint8Array, request: Session['request']): PlannedChallenge {
  const model = { hash: `0x${'00'.repeat(32)}` }
  const miner = { hotkey: VICTIM.address, model, session: { request, pingMs: () => 0 } }
  return { id, prompt: '', answerers: [miner] } as unknown as PlannedChallenge
}

const ROW = {
  ...{
    uid: 1,
    model: 'small',
    score: 0,
    answer: 0,
    judge: 0,
    verified: 0,
    quality: 0,
    accepted: 0,
    rejected: 0,
  },
  ...{
    inconclusive: 0,
    missed: 0,
    refused: 0,
    goldAsked: 0,
    goldRight: 0,
    winRate: null,
    reasons: [],
    surprise: 0,
    penalisedUntil: 0,
  },
}

const RECEIPTS = {
  hotkey: STRANGER.address,
  // What is let in can’t be written there, which is no refusal.
  folder: '/dev/null/receipts',
  anchorOf: async () => undefined,
  log: silentLog(),
}
