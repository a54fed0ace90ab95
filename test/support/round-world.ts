import { join } from 'node:path'
import { engineAnswerer } from '../../miner/answerer.ts'
import { commitAnswer, revealAnswer } from '../../miner/generation.ts'
import { commitVerdict, judgeFor, revealVerdict } from '../../miner/judging.ts'
import { createPending } from '../../miner/pending.ts'
import { signerFromUri } from '../../shared/chain/wallet/dev-keys.ts'
import type { Signer } from '../../shared/chain/wallet/signer.ts'
import type { Engine } from '../../shared/inference/engine.ts'
import { startEngine } from '../../shared/inference/start-engine.ts'
import { systemClock } from '../../shared/process/clock.ts'
import { silentLog } from '../../shared/process/logging.ts'
import { hashText } from '../../shared/proof/hash.ts'
import { readCalibration, type StoredCalibration } from '../../shared/proof/sketch/read-calibration.ts'
import { RefusedError } from '../../shared/protocol/refused-error.ts'
import type { Session } from '../../shared/protocol/session.ts'
import { decodeSimilarity } from '../../shared/similarity/calibration.ts'
import { answerHasher } from '../../shared/similarity/hash-answer.ts'
import { type RoundConfig, roundConfigSchema } from '../../validator/config.ts'
import { runRound } from '../../validator/round/run-round.ts'
import type { Participant } from '../../validator/round/types.ts'
import { scoringConfigSchema } from '../../validator/scoring/config.ts'
import { emptyScoreBook, type ScoreBook } from '../../validator/scoring/score-book.ts'
import { settleRound } from '../../validator/scoring/settle-round.ts'
import type { RoundEntry } from '../../validator/store/entries.ts'
import type { ScoreStore } from '../../validator/store/score-store.ts'
import { previousRoundSchema } from '../../validator/transcript/records.ts'
import { neuronOf } from './miner-chain.ts'
import { deadSession } from './participants.ts'
import { roundChain } from './round-chain.ts'
import { plainSimilarity } from './similarity.ts'

export const VALIDATOR = signerFromUri('//Alice')
export const NETUID = 1
export const MARKER = `0x${'0c'.repeat(32)}`

/** So that two rounds are enough to be paid. */
const SCORING = scoringConfigSchema.parse({ qualityMinimum: 1, examAnswers: 0, examVerdicts: 1 })

/** How a miner of this world differs from an honest one. */
export type Conduct = 'honest' | 'edits' | 'forges' | 'silent' | 'busy' | 'conceals'

/** Everything real but wires and chain: one engine computes for all, and every miner runs the miner's own code. */
export interface RoundWorld {
  readonly engine: Engine
  readonly calibration: StoredCalibration
  /** The file that answers are hashed with; it does not lie beside the model. */
  readonly similarity: string
  readonly miners: readonly Participant[]
  /** Of a block of its chain. */
  hashOf(number: number): string
  /** Plays the next round; resolves with its file and what the journal keeps. */
  play(): Promise<{ text: string; entry: RoundEntry; bookBefore: ScoreBook }>
  close(): Promise<void>
}

/** @param rules numbers of the round that differ from those of this world */
export async function roundWorld(
  conducts: readonly Conduct[],
  rules: Partial<RoundConfig> = {},
): Promise<RoundWorld> {
  const folder = join('models', 'nano')
  const native = await startEngine({ modelFolder: folder, threads: 1 })
  const engine = { ...native, model: { ...native.model, level: 3 as const } }
  const calibration = (await readCalibration(folder, engine.model.hash))!
  const similarity = plainSimilarity(engine.model.hash, calibration.whitening.width)
  const hasher = answerHasher(engine, decodeSimilarity('', Buffer.from(similarity)))
  const { chain, newestBlock, makeUpTo, hashOf } = roundChain()
  const config = roundConfigSchema.parse({
    ...{ roundBlocks: 5, goldPerMiner: 1, maxChallenges: 3, maxTokens: 16, temperature: 1 },
    goldShare: 0.5,
    ...{ maxJudges: 2, verdictTokens: 48, verdictReplayShare: 0.5, canaryShare: 0.5 },
    ...rules,
  })
  const miners = conducts.map((conduct, index): Participant => {
    const signer = signerFromUri(`//Miner${index}`)
    const session = sessionOf(conduct, signer, engine, calibration)
    const { address: hotkey, publicKey } = signer
    return { uid: index + 1, hotkey, publicKey, coldkey: `cold-${index}`, model: engine.model, session }
  })
  const store = memoryStore()
  let round = 2
  return {
    engine,
    calibration,
    similarity,
    miners,
    hashOf,
    async play() {
      const opened = makeUpTo(++round * config.roundBlocks)
      const neurons = miners.map(({ hotkey, uid, coldkey }) => neuronOf(hotkey, uid, { coldkey }))
      const metagraph = {
        ...{ netuid: NETUID, block: opened.number, tempo: 20, lastEpochBlock: 0, epochIndex: 0 },
        neurons: [neuronOf(VALIDATOR.address, 0), ...neurons],
      }
      const texts: string[] = []
      const bookBefore = store.book
      const rules = { minAllowedWeights: 1, maxWeightLimit: 65_535 }
      const entry = await runRound(
        round,
        opened,
        { metagraph, rules },
        miners,
        {
          ...{ chain, newestBlock, chainMarker: MARKER, signer: VALIDATOR, engines: [engine], store, config },
          ...{
            calibrations: new Map([[engine.model.hash, calibration]]),
            hasher,
            scoring: SCORING,
          },
          ...{ clock: systemClock, log: silentLog(), publish: (_round, text) => texts.push(text) },
        },
        new AbortController().signal,
      )
      return { text: texts[0]!, entry, bookBefore }
    },
    close: () => engine.close(),
  }
}

/** A session whose other end is the miner's own code. */
function sessionOf(
  conduct: Conduct,
  signer: Signer,
  engine: Engine,
  { whitening }: StoredCalibration,
): Session {
  const peer = VALIDATOR.address
  const signal = new AbortController().signal
  const honest = engineAnswerer(engine, signer.publicKey, whitening)
  // One salt, so that two runs have the same commits, anchors, blocks, and so the same rounds.
  const randomBytes = () => hashText(signer.address)
  const generation = {
    ...{ model: engine.model, signer, pending: createPending<never>(64, 60_000, systemClock), randomBytes },
    answerer: async (...args: Parameters<typeof honest>) => {
      const answer = await honest(...args)
      if (conduct !== 'edits') return answer
      const tokens = answer.tokens.map((token, i) => (i === 3 ? (token === 97 ? 98 : 97) : token))
      return { ...answer, tokens, text: engine.text.decode(tokens) }
    },
  } as unknown as Parameters<typeof commitAnswer>[0]
  const honestJudge = judgeFor(engine, signer.publicKey)
  const forged = [...engine.text.encodeText('answer: A'), engine.model.eosToken]
  const forgingJudge: typeof honestJudge = async (...args) => {
    const given = await honestJudge(...args)
    if (given.method !== 'prompted') return given
    return { ...given, verdicts: given.verdicts.map((tokens) => (tokens.length === 0 ? [] : forged)) }
  }
  const judging = {
    ...{ judge: conduct === 'forges' ? forgingJudge : honestJudge, model: engine.model, signer, randomBytes },
    pending: createPending<never>(64, 60_000, systemClock),
  } as unknown as Parameters<typeof commitVerdict>[0]
  const request = async (message: Parameters<Session['request']>[0]) => {
    if (conduct === 'silent') throw new Error('no reply')
    if (conduct === 'busy' && message.type === 'challenge')
      throw new RefusedError(signer.address, { type: 'refusal', code: 'BUSY', message: 'full' })
    if (conduct === 'conceals' && /^(reveal|verdict)-request$/.test(message.type)) throw new Error('no reply')
    if (message.type === 'challenge') return commitAnswer(generation, peer, message, signal)
    if (message.type === 'reveal-request') return revealAnswer(generation, peer, message)
    if (message.type === 'judge') return commitVerdict(judging, peer, message)
    if (message.type === 'verdict-request') return revealVerdict(judging.pending, peer, message.id)
    return { type: 'ack' }
  }
  return deadSession(signer.address, request as unknown as Session['request'])
}

function memoryStore(): ScoreStore {
  let book = emptyScoreBook()
  let last: RoundEntry | undefined
  return {
    get book() {
      return book
    },
    get previous() {
      return last && previousRoundSchema.parse({ round: last.round, rows: last.root, ...last.published })
    },
    settle(entry) {
      book = settleRound(book, entry.outcome, SCORING)
      last = entry
    },
    publications: [],
    recordWeights: () => {},
    close: () => {},
  }
}
