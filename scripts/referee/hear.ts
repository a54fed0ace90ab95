import { writeFile } from 'node:fs/promises'
import { loadHotkey } from '../../shared/chain/wallet/load-hotkey.ts'
import { parseCase } from '../../shared/dispute/case-file.ts'
import { type Hear, hearCase } from '../../shared/dispute/hear-case.ts'
import { hearSession, openAhead, sideAddress, sideHotkey } from '../../shared/dispute/hear-session.ts'
import { formatRecord, makeRecord } from '../../shared/dispute/record.ts'
import { SIDES, type Side } from '../../shared/dispute/referee.ts'
import { openReferenceEvaluator } from '../../shared/inference/reference/evaluate.ts'
import { connectAxon } from '../../shared/protocol/axon-client.ts'
import type { DisputeCase } from '../../shared/protocol/dispute-messages.ts'
import type { Session } from '../../shared/protocol/session.ts'
import { print, readText, referenceOf, rulingLines } from './output.ts'

export interface HearFlags {
  readonly challenger: string
  readonly defender: string
  readonly out: string
  readonly registry: string
  readonly insist: boolean
  readonly 'wallet.name': string
  readonly 'wallet.hotkey': string
  readonly 'wallet.path': string
}

/** Dials both sides, settles the case and writes the record. A side that can't be reached is silent. */
export async function runHear(path: string, flags: HearFlags): Promise<void> {
  const dispute = parseCase(await readText(path))
  const reference = await referenceOf(flags.registry, dispute.model)
  const signer = await loadHotkey({
    name: flags['wallet.name'],
    hotkey: flags['wallet.hotkey'],
    path: flags['wallet.path'],
  })
  const addresses = { challenger: sideAddress(flags.challenger), defender: sideAddress(flags.defender) }
  const sessions: Promise<Session>[] = []
  const dial = (side: Side): Hear => {
    const session = connectAxon({ ...addresses[side], signer, hotkey: sideHotkey(dispute, side) })
    sessions.push(session)
    const hear = session.then((connected) => hearSession(connected, dispute))
    // Whoever asks first hears of a failure.
    hear.catch(() => {})
    return async (move) => (await hear)(move)
  }
  const evaluator = await openReferenceEvaluator()
  try {
    const [challenger, defender] = SIDES.map(dial)
    if (!flags.insist) await Promise.all(sessions.map((session) => openWhereReached(session, dispute)))
    const sides = { challenger: challenger!, defender: defender! }
    const hearing = await hearCase(dispute, reference, sides, evaluator.evaluate)
    const record = formatRecord(makeRecord(signer, dispute, reference, hearing))
    await writeFile(flags.out, record)
    print([...rulingLines(hearing.ruling), `record       ${flags.out}, ${record.length} bytes`])
  } finally {
    for (const session of sessions)
      await session.then(
        (connected) => connected.close(),
        () => {},
      )
    await evaluator.close()
  }
}

/** A side that can't be reached is silent, which the hearing finds out. */
async function openWhereReached(session: Promise<Session>, dispute: DisputeCase): Promise<void> {
  const connected = await session.catch(() => undefined)
  if (connected !== undefined) await openAhead(connected, dispute)
}
