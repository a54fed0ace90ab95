import { signerFromUri } from '../../../../shared/chain/wallet/dev-keys.ts'
import type { Signer } from '../../../../shared/chain/wallet/signer.ts'
import { roundConfigSchema } from '../../../../validator/config.ts'

export const validatorKey = (seed: number): Signer => signerFromUri(`//round256//${seed}//validator`)
export const minerKey = (seed: number, index: number): Signer =>
  signerFromUri(`//round256//${seed}//miner//${index}`)

/**
 * A real subnet's numbers. All are asked in one round; prompts don't follow the swarm's ability, which the miners' processes can't know; and
 * deadlines, which cost nothing, are long enough for a busy machine.
 */
export const ROUND_CONFIG = roundConfigSchema.parse({
  maxParticipants: 256,
  adaptiveShare: 0,
  commitMs: 300_000,
  revealMs: 300_000,
  judgeMs: 300_000,
})

/** Heartbeats as of miners with a core each: here a hundred of them share one, which keeps it from pongs for longer than a session forgives. */
export const SESSION_PINGS = { pingMs: 60_000, handshakeMs: 60_000, requestsPerMinute: 1e9 }
