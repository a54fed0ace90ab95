import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHandler } from '../../../miner/handler.ts'
import { judgeFor } from '../../../miner/judging.ts'
import { createPending } from '../../../miner/pending.ts'
import { colludingJudge, showAnswers } from '../../../scripts/demo/clique.ts'
import type { Engine } from '../../../shared/inference/engine.ts'
import { seededRandom } from '../../../shared/inference/random.ts'
import { startEngine } from '../../../shared/inference/start-engine.ts'
import { distort } from '../../../shared/inference/tasks/judge.ts'
import { makeTask } from '../../../shared/inference/tasks/make-task.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import { fromHex } from '../../../shared/proof/hash.ts'
import type { Axon } from '../../../shared/protocol/axon.ts'
import { connectAxon } from '../../../shared/protocol/axon-client.ts'
import { startAxon } from '../../../shared/protocol/axon-server.ts'
import type { Session } from '../../../shared/protocol/session.ts'
import { roundConfigSchema } from '../../../validator/config.ts'
import { collectVerdicts } from '../../../validator/round/judging.ts'
import { rankAnswers, rankRules, replayShares } from '../../../validator/round/rank-answers.ts'
import type { Participant } from '../../../validator/round/types.ts'
import { defaultScoringConfig as scoring } from '../../../validator/scoring/config.ts'
import { emptyScoreBook, type ScoreBook } from '../../../validator/scoring/score-book.ts'
import { settleRound } from '../../../validator/scoring/settle-round.ts'
import { isSilenced } from '../../../validator/scoring/verdict-strikes.ts'
import { makeAudited, makeChallenge, makeParticipants } from '../../support/participants.ts'
import { VALIDATOR } from '../../support/round-world.ts'

const CONFIG = roundConfigSchema.parse({ canaryShare: 0, verdictTokens: 48, verdictReplayShare: 0.5 })
const CHALLENGES = 4

let engine: Engine
const open: Axon[] = []

beforeAll(async () => {
  engine = await startEngine({ modelFolder: join('models', 'nano'), threads: 1 })
})

afterAll(async () => {
  await Promise.all(open.map((axon) => axon.close()))
  await engine.close()
})

/** Four answerers, the last of a clique, an honest judge and one of the clique; both judge behind sockets of their own. */
async function world() {
  const clique = mkdtempSync(join(tmpdir(), 'starling-clique-'))
  const [a, b, c, member, honest, liar] = makeParticipants(6, engine.model)
  const answerers = [a!, b!, c!, member!]
  const judges = await Promise.all(
    [honest!, liar!].map(async (judge): Promise<Participant> => {
      return { ...judge, session: await sessionOf(judge, judge === liar ? clique : undefined) }
    }),
  )
  const tell = (id: Uint8Array, text: string) => {
    const answerer = showAnswers(clique, member!.hotkey, async () => ({ tokens: [], text, finish: 'stop' }))
    return answerer({ id } as Parameters<typeof answerer>[0], new AbortController().signal)
  }
  return { answerers, judges, member: member!, liar: liar!, honest: honest!, tell }
}

type World = Awaited<ReturnType<typeof world>>

async function sessionOf(
  { signer, hotkey }: ReturnType<typeof makeParticipants>[number],
  clique: string | undefined,
): Promise<Session> {
  const { model } = engine
  const log = silentLog()
  const own = judgeFor(engine, signer.publicKey)
  const member = { honest: own, backend: engine, signer }
  const judge = clique === undefined ? own : colludingJudge(clique, 'always', member)
  const pending = <T>() => createPending<T>(64, 60_000, systemClock)
  const axon = await startAxon({
    ...{ ip: '127.0.0.1', port: 0, signer, authorize: () => undefined },
    models: [{ name: model.name, hash: fromHex(model.hash), executionClass: model.executionClass }],
    handle: createHandler({
      generation: { answerer: () => Promise.reject(), model, signer, pending: pending(), randomBytes },
      judging: { judge, model, signer, pending: pending(), randomBytes },
      receipts: { hotkey, folder: '/dev/null', anchorOf: async () => undefined, log },
      log,
    }),
  })
  open.push(axon)
  return connectAxon({ ip: axon.ip, port: axon.port, signer: VALIDATOR, hotkey })
}

/** Phase 5 and what scoring makes of it, over challenges whose four answers all differ, one of them right. */
async function judgeRound(round: number, book: ScoreBook, { answerers, judges, member, tell }: World) {
  const audited = []
  for (let n = 0; n < CHALLENGES; n++) {
    const random = seededRandom(100 * round + n)
    const task = makeTask(random)
    const challenge = makeChallenge(10 * round + n, {
      prompt: task.prompt,
      task,
      gold: task,
      answerers,
      judges,
    })
    const results = new Set([task.answer])
    while (results.size < answerers.length) results.add(distort(random, task.answer))
    for (const [i, result] of [...results].entries()) {
      const miner = answerers[i]!
      const text = `So it is.\nanswer: ${result}`
      if (miner === member) await tell(challenge.id, text)
      audited.push(makeAudited(challenge, miner, { text, correct: i === 0 }))
    }
  }
  const fields = await collectVerdicts(audited, {
    ...{ round, config: CONFIG, clock: systemClock, signal: new AbortController().signal },
    ...{ signer: VALIDATOR, engines: [engine], calibrations: new Map(), log: silentLog() },
    replayShareOf: replayShares(book, CONFIG, scoring),
  })
  const ranking = rankAnswers(fields, 'prompted', rankRules(book, scoring, true))
  const outcome = { round, answers: [], judges: [...ranking.judges], controlsPassed: true }
  return { ranking, book: settleRound(book, outcome, scoring) }
}

it('silences a judge that lies for its clique, and nobody else', async () => {
  const parts = await world()
  const { honest, liar } = parts
  const { ranking, book } = await judgeRound(1, emptyScoreBook(), parts)
  const checksOf = (hotkey: string) => ranking.judges.find((judge) => judge.hotkey === hotkey)!.checks!

  expect(checksOf(honest.hotkey)).toMatchObject({ mismatched: 0 })
  expect(checksOf(honest.hotkey).replayed).toBeGreaterThan(0)
  expect(checksOf(liar.hotkey).mismatched).toBeGreaterThanOrEqual(scoring.verdictStrikes)
  expect(isSilenced(book.miners[liar.hotkey], undefined, scoring)).toBe(true)
  expect(isSilenced(book.miners[honest.hotkey], undefined, scoring)).toBe(false)
})
