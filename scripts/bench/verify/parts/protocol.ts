import { type Answerer, engineAnswerer } from '../../../../miner/answerer.ts'
import { rowOf, runAttack } from '../attack.ts'
import { answerOrder, miner } from '../audit-answers.ts'
import { LATE_KINDS, lateRow } from '../cheats/late.ts'
import { tamperings } from '../cheats/tampering.ts'
import { benchConfig, type ClassSession, type Context, inEachClass, ordersFor } from '../context.ts'
import type { AttackRow, PartResult } from '../results.ts'

/** Cheats on the protocol instead of the model: answers are honest until they are sent. */
export async function measureProtocol(context: Context): Promise<PartResult> {
  const rows = await inEachClass(context, async (session) => {
    const {
      honest: prover,
      calibration: { whitening },
    } = session
    const honest = engineAnswerer(prover, miner.publicKey, whitening)
    const rows: AttackRow[] = []
    const count = context.sizes.protocol
    const donor = await donorOf(context, session, honest)
    for (const [name, tamper] of Object.entries(tamperings(donor)))
      rows.push(
        rowOf(session, name, await runAttack(context, session, { name, count, answerer: honest, tamper })),
      )
    const others: Record<string, Answerer> = {
      'no hidden states committed': engineAnswerer(prover, miner.publicKey),
      'NaN among committed sketches': withValue(honest, Number.NaN),
      'infinity among committed sketches': withValue(honest, Number.POSITIVE_INFINITY),
    }
    for (const [name, answerer] of Object.entries(others))
      rows.push(rowOf(session, name, await runAttack(context, session, { name, count, answerer })))
    for (const kind of LATE_KINDS) rows.push(await lateRow(session, kind, count))
    return rows
  })
  return { rows }
}

/** An honest answer to a challenge that nobody else is asked. */
async function donorOf(context: Context, session: ClassSession, honest: Answerer) {
  const config = benchConfig()
  const [order] = ordersFor(context, session, { name: 'donor', count: 1, config })
  return (await answerOrder({ verifier: session.verifier, config }, order!, honest)).sent
}

/** The same answer, but every fifth sketch value is not a number that can be compared. */
function withValue(answerer: Answerer, value: number): Answerer {
  return async (challenge, signal) => {
    const answer = await answerer(challenge, signal)
    return { ...answer, sketches: answer.sketches!.map((own, n) => (n % 5 === 0 ? value : own)) }
  }
}
