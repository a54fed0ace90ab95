import { describe, expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import type { Engine, ReplayRequest } from '../../../shared/inference/engine.ts'
import { bytesCodec } from '../../../shared/inference/text/bytes-codec.ts'
import { verdictLotMessage } from '../../../shared/judging/replay-lot.ts'
import { type VerdictSlot, verdictSlots } from '../../../shared/judging/verdict-slots.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import { fromHex } from '../../../shared/proof/hash.ts'
import { type Given, questionHash, verdictDigest, verdictMessage } from '../../../shared/proof/verdict.ts'
import type { Judge } from '../../../shared/protocol/messages.ts'
import type { Session } from '../../../shared/protocol/session.ts'
import { type RoundConfig, roundConfigSchema } from '../../../validator/config.ts'
import { fieldsToJudge } from '../../../validator/round/judge-parts.ts'
import { collectVerdicts } from '../../../validator/round/judging.ts'
import type { JudgedField, Participant } from '../../../validator/round/types.ts'
import {
  deadSession,
  makeAudited,
  makeChallenge,
  makeParticipants,
  testModel,
} from '../../support/participants.ts'

const validator = signerFromUri('//Alice')
const miners = makeParticipants(5)
const salt = new Uint8Array(32).fill(4)

const likelihood = { judgeMethod: 'likelihood', canaryShare: 0, verdictReplayShare: 0 } as const
const prompted = { judgeMethod: 'prompted', canaryShare: 0, verdictReplayShare: 1 } as const

type Giving = (asked: Judge, slots: readonly VerdictSlot[]) => Given

/** A judge that commits to one thing and reveals another. */
function judgeWith(commits: Giving, reveals: Giving = commits, signer = miners[4]!.signer): Participant {
  const judge = miners[4]!
  let asked: Judge
  const request = (async (message: Judge | { type: 'verdict-request'; id: Uint8Array }) => {
    if (message.type === 'judge') asked = message
    const { id, prompt, answers } = asked
    const slots = verdictSlots({ id, judge: judge.publicKey, prompt, answers })
    if (message.type !== 'judge') return { type: 'verdict', id, given: reveals(asked, slots), salt }
    const { hash, executionClass } = judge.model
    const digest = verdictDigest({
      ...{ challenge: id, validator: validator.publicKey, judge: judge.publicKey, salt },
      ...{
        model: fromHex(hash),
        executionClass,
        question: questionHash(asked),
        given: commits(asked, slots),
      },
    })
    return { type: 'verdict-commit', id, digest, signature: signer.sign(verdictMessage(id, digest)) }
  }) as unknown as Session['request']
  return { ...judge, session: deadSession(judge.hotkey, request) }
}

interface Asked {
  readonly rules: Partial<RoundConfig>
  readonly texts?: readonly string[]
  readonly engine?: Partial<Engine>
}

async function fieldOf(judge: Participant, { rules, texts = [], engine }: Asked): Promise<JudgedField> {
  const challenge = makeChallenge(0, { judges: [judge] })
  const audited = miners.slice(0, 3).map((miner, i) => {
    return makeAudited(challenge, miner, { text: texts[i] ?? `answer: ${i}` })
  })
  const parts = {
    ...{ round: 1, config: roundConfigSchema.parse(rules), clock: systemClock },
    ...{ signal: new AbortController().signal, signer: validator, log: silentLog() },
    engines: [{ model: testModel, text: bytesCodec, ...engine } as Engine],
    calibrations: new Map(),
    replayShareOf: () => rules.verdictReplayShare ?? 0,
  }
  return (await collectVerdicts(audited, parts))[0]!
}

const scores =
  (...values: number[]): Giving =>
  () => ({ method: 'likelihood', scores: values })

const { eosToken } = testModel
const says = (text: string) => [...bytesCodec.encodeText(text), eosToken]
/** The same words on every pair that is to be judged. */
const words =
  (tokens: number[]): Giving =>
  (_asked, slots) => ({
    method: 'prompted',
    verdicts: slots.map(({ prompt }) => (prompt === undefined ? [] : tokens)),
  })

describe('collectVerdicts of scores', () => {
  const verdictOf = async (judge: Participant) => {
    const given = (await fieldOf(judge, { rules: likelihood })).opening?.given
    return given?.method === 'likelihood' ? given.scores : undefined
  }

  it('takes a verdict that opens its commit', async () => {
    expect(await verdictOf(judgeWith(scores(-1, -2, -3)))).toEqual([-1, -2, -3])
  })

  it('drops a verdict that was changed after the commit', async () => {
    expect(await verdictOf(judgeWith(scores(-1, -2, -3), scores(-3, -2, -1)))).toBeUndefined()
  })

  it('drops a commit that somebody else signed', async () => {
    const own = scores(-1, -2, -3)
    expect(await verdictOf(judgeWith(own, own, miners[0]!.signer))).toBeUndefined()
  })

  it('drops a verdict with too many or too few numbers', async () => {
    expect(await verdictOf(judgeWith(scores(-1, -2)))).toBeUndefined()
    expect(await verdictOf(judgeWith(scores(-1, -2, -3, -4)))).toBeUndefined()
  })

  it('drops verdicts of another method than was asked for', async () => {
    expect((await fieldOf(judgeWith(words(says('answer: A'))), { rules: likelihood })).reason).toMatch(
      /is prompted/,
    )
  })

  it('replays scores within what rounding explains', async () => {
    const engine = { score: async () => ({ logProb: -9 }) }
    const rules = { ...likelihood, verdictReplayShare: 1 }
    const own = -9 / (bytesCodec.encodeText('answer: 0').length + 1)
    const judge = judgeWith(scores(own, own + 1.9e-4, own + 2.1e-4))
    const { opening } = await fieldOf(judge, { rules, engine })
    expect(opening!.replays.map(({ result }) => result)).toEqual(['match', 'match', 'mismatch'])
  })
})

describe('collectVerdicts of a judge that reads', () => {
  /** An engine by which whatever it reads is right, or wrong by one logit. */
  const replays = (margin: number) => {
    const asked: ReplayRequest[] = []
    const replay = async (request: ReplayRequest) => {
      asked.push(request)
      return {
        margins: new Float64Array(request.tokens.length).fill(margin),
        logProbs: new Float64Array(),
        surprise: 0,
      }
    }
    return { replay, asked }
  }

  it('reads every verdict, and replays those drawn, each under its own seed and prompt', async () => {
    const engine = replays(0)
    const { opening, slots } = await fieldOf(judgeWith(words(says('answer: A'))), { rules: prompted, engine })
    expect(opening!.read).toEqual(Array(6).fill('A'))
    expect(opening!.replays).toEqual(slots.map((_, verdict) => ({ verdict, result: 'match' })))
    expect(engine.asked.map(({ seed }) => seed)).toEqual(slots.map(({ seed }) => seed))
    expect(bytesCodec.decode(engine.asked[0]!.promptTokens)).toContain(slots[0]!.prompt)
    expect(engine.asked[0]!.sampling).toEqual({ temperature: 0.3, topK: 0, topP: 1 })
  })

  it('finds verdicts that the judge’s model does not give', async () => {
    const { opening } = await fieldOf(judgeWith(words(says('answer: A'))), {
      rules: prompted,
      engine: replays(1),
    })
    expect(new Set(opening!.replays.map(({ result }) => result))).toEqual(new Set(['mismatch']))
  })

  it('holds its own trouble against nobody', async () => {
    const engine = { replay: () => Promise.reject(new Error('out of memory')) }
    const { opening } = await fieldOf(judgeWith(words(says('answer: A'))), { rules: prompted, engine })
    expect(new Set(opening!.replays.map(({ result }) => result))).toEqual(new Set(['inconclusive']))
  })

  it('replays about the share that it is told, whatever is judged', async () => {
    const rules = { ...prompted, verdictReplayShare: 0.5 }
    const { opening, slots } = await fieldOf(judgeWith(words(says('answer: A'))), {
      rules,
      engine: replays(0),
    })
    expect(opening!.replays.length).toBeGreaterThan(0)
    expect(opening!.replays.length).toBeLessThan(slots.length)
  })

  it('takes two answers with one result for a tie that nobody is asked for', async () => {
    const texts = ['answer: 7', 'answer: 7', 'answer: 8']
    const engine = replays(0)
    const { opening, slots } = await fieldOf(judgeWith(words(says('answer: A'))), {
      rules: prompted,
      texts,
      engine,
    })
    expect(slots.filter(({ prompt }) => prompt === undefined)).toHaveLength(2)
    expect(opening!.read.filter((verdict) => verdict === undefined)).toHaveLength(2)
    expect(engine.asked).toHaveLength(4)
  })

  const all =
    (tokens: number[]): Giving =>
    (_asked, slots) => ({ method: 'prompted', verdicts: slots.map(() => tokens) })
  it.each<[string, Giving, RegExp, texts?: string[]]>([
    [
      'a verdict less',
      (_asked, slots) => ({ method: 'prompted', verdicts: slots.slice(1).map(() => [65, eosToken]) }),
      /fit/,
    ],
    [
      'a verdict more',
      (_asked, slots) => ({ method: 'prompted', verdicts: [[1], ...slots].map(() => [65, eosToken]) }),
      /fit/,
    ],
    ['no words', all([]), /no tokens/],
    ['a token beyond the vocabulary', all([testModel.vocabularySize, eosToken]), /outside of the vocabulary/],
    ['words after the end', all([eosToken, 65, eosToken]), /before the last token/],
    ['more words than asked for', all([...Array<number>(101).fill(65)]), /101 tokens where 100/],
    ['words that end in the middle', all([65, 66]), /length after 2 tokens/],
    ['words on equal results', all(says('answer: A')), /one result/, ['answer: 7', 'answer: 7']],
  ])('drops verdicts with %s', async (_what, giving, why, texts = []) => {
    const field = await fieldOf(judgeWith(giving), { rules: prompted, texts, engine: replays(0) })
    expect(field.opening).toBeUndefined()
    expect(field.reason).toMatch(why)
  })

  it('takes words that end where the budget does', async () => {
    const judge = judgeWith(words(Array<number>(100).fill(65)))
    expect((await fieldOf(judge, { rules: prompted, engine: replays(0) })).opening!.read).toEqual(
      Array(6).fill(undefined),
    )
  })

  it('hears nothing that comes too late', async () => {
    const judge = { ...miners[4]!, session: deadSession(miners[4]!.hotkey) }
    expect((await fieldOf(judge, { rules: prompted })).reason).toMatch(/not connected/)
  })
})

describe('fieldsToJudge', () => {
  const lotOf = ({ id }: { id: Uint8Array }) => validator.vrf(verdictLotMessage(id))
  const config = roundConfigSchema.parse({ canaryShare: 0 })
  const hotkeysOf = ({ shown }: { shown: JudgedField['shown'] }) =>
    shown.map(({ group }) => group?.representative.miner.uid)

  it('shows accepted answers only, to every judge the same, in an order that the lot decides', () => {
    const challenge = makeChallenge(0, { judges: miners.slice(3) })
    const audited = miners.map((miner) =>
      makeAudited(challenge, miner, miner.uid === 1 ? { result: 'reject' } : {}),
    )
    const fields = fieldsToJudge(audited, config, lotOf)
    expect(fields).toHaveLength(2)
    expect(fields[0]!.shown).toEqual(fields[1]!.shown)
    expect(hotkeysOf(fields[0]!).sort()).toEqual([0, 2, 3, 4])
    const orders = [1, 2, 3, 4, 5, 6].map((n) => {
      const lot = { output: new Uint8Array(32).fill(n), proof: new Uint8Array(64) }
      const drawn = { ...challenge, lot }
      const shown = fieldsToJudge(
        miners.map((miner) => makeAudited(drawn, miner)),
        config,
        lotOf,
      )
      return hotkeysOf(shown[0]!).join()
    })
    expect(new Set(orders).size).toBeGreaterThan(1)
  })

  it('gives every judge an order and seeds of its own', () => {
    const challenge = makeChallenge(0, { judges: miners.slice(3) })
    const audited = miners.slice(0, 3).map((miner) => makeAudited(challenge, miner))
    const [one, other] = fieldsToJudge(audited, config, lotOf)
    expect(one!.slots).toHaveLength(6)
    expect(one!.slots.map(({ seed }) => seed)).not.toEqual(other!.slots.map(({ seed }) => seed))
  })

  it('asks nobody to judge a single answer', () => {
    const challenge = makeChallenge(0, { judges: miners.slice(3) })
    expect(fieldsToJudge([makeAudited(challenge, miners[0]!)], config, lotOf)).toEqual([])
  })

  it('plants a wrong answer by lot, in a place by lot, and always the same one', () => {
    const sure = { ...config, canaryShare: 1 }
    const places = [1, 2, 3, 4, 5, 6].map((n) => {
      const lot = { output: new Uint8Array(32).fill(n), proof: new Uint8Array(64) }
      const task = { family: 'add', prompt: 'Tell of a shy fox, then add 1000 and 234.', answer: '1234' }
      const challenge = { ...makeChallenge(0, { judges: miners.slice(3) }), lot, task }
      const audited = miners.slice(0, 3).map((miner) => makeAudited(challenge, miner))
      const [field] = fieldsToJudge(audited, sure, lotOf)
      expect(field!.shown).toEqual(fieldsToJudge(audited, sure, lotOf)[0]!.shown)
      expect(field!.shown).toHaveLength(4)
      return field!.shown.findIndex(({ group }) => group === undefined)
    })
    expect(places).not.toContain(-1)
    expect(new Set(places).size).toBeGreaterThan(1)
  })
})
