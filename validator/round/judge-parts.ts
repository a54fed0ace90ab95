import type { VrfResult } from '../../shared/chain/wallet/signer.ts'
import { canarySeed, plantCanary } from '../../shared/judging/canary.ts'
import { verdictSlots } from '../../shared/judging/verdict-slots.ts'
import { orderKey } from '../../shared/proof/lot.ts'
import { MESSAGE_LIMITS } from '../../shared/protocol/limits.ts'
import type { RoundConfig } from '../config.ts'
import { type AnswerGroup, groupAnswers } from './groups.ts'
import type { AuditedAnswer, JudgePart, Participant, PlannedChallenge, ShownAnswer } from './types.ts'

type JudgedMiner = Pick<Participant, 'publicKey'>
type JudgedChallenge<M> = Pick<PlannedChallenge, 'id' | 'lot' | 'prompt' | 'task'> & {
  readonly judges: readonly M[]
}
type JudgingConfig = Pick<RoundConfig, 'judgeMethod' | 'canaryShare' | 'clusterBits' | 'maxJudged'>

/**
 * Every challenge with two different accepted answers or more, once for each of its judges. They see one answer of each group, in the
 * order of the challenge's lot, and by lot a planted one among them, on gold as elsewhere: there alone it would tell gold.
 * @param lotOf the validator's VRF on `verdictLotMessage` of a challenge; asked once a challenge
 */
export function fieldsToJudge<C extends JudgedChallenge<M>, M extends JudgedMiner>(
  audited: readonly AuditedAnswer<C, M>[],
  config: JudgingConfig,
  lotOf: (challenge: C) => VrfResult,
): JudgePart<C, M>[] {
  const fields = new Map<C, AuditedAnswer<C, M>[]>()
  for (const answer of audited) {
    if (answer.result !== 'accept' || answer.challenge.judges.length === 0) continue
    const field = fields.get(answer.challenge)
    if (field === undefined) fields.set(answer.challenge, [answer])
    else field.push(answer)
  }
  return [...fields].flatMap(([challenge, answers]) => {
    if (answers.length < 2) return []
    const groups = groupAnswers(inLotOrder(answers), config).slice(0, config.maxJudged)
    if (groups.length < 2) return []
    const shown = withCanary(groups, challenge, config)
    const texts = shown.map(({ text }) => text)
    const lot = lotOf(challenge)
    return challenge.judges.map((judge) => {
      const asked = { id: challenge.id, judge: judge.publicKey, prompt: challenge.prompt, answers: texts }
      const slots = config.judgeMethod === 'prompted' ? verdictSlots(asked) : []
      return { challenge, judge, shown, slots, lot }
    })
  })
}

function inLotOrder<C extends JudgedChallenge<M>, M extends JudgedMiner>(
  answers: readonly AuditedAnswer<C, M>[],
): AuditedAnswer<C, M>[] {
  return answers
    .map((answer) => ({ answer, key: orderKey(answer.challenge.lot.output, answer.miner.publicKey) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ answer }) => answer)
}

function withCanary<C extends JudgedChallenge<M>, M extends JudgedMiner>(
  groups: readonly AnswerGroup<AuditedAnswer<C, M>>[],
  { task, lot: { output } }: C,
  { canaryShare }: JudgingConfig,
): ShownAnswer<C, M>[] {
  const shown: ShownAnswer<C, M>[] = groups.map((group) => ({ text: group.representative.text, group }))
  if (shown.length === MESSAGE_LIMITS.judgedAnswers) return shown
  const seed = canarySeed(output)
  const text = plantCanary(seed, task, canaryShare)
  if (text === undefined) return shown
  // By lot, as everybody else's.
  const key = orderKey(output, seed)
  const place = groups.filter(({ members }) => {
    return Buffer.compare(orderKey(output, members[0]!.answer.miner.publicKey), key) < 0
  }).length
  return shown.toSpliced(place, 0, { text, group: undefined })
}
