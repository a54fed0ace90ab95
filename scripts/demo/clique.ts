import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answerer } from '../../miner/answerer.ts'
import type { AnswerJudge } from '../../miner/judges.ts'
import type { Signer } from '../../shared/chain/wallet/signer.ts'
import type { Backend } from '../../shared/inference/engine.ts'
import { readJudgement, type Verdict } from '../../shared/inference/tasks/judge.ts'
import { type VerdictSlot, verdictSlots } from '../../shared/judging/verdict-slots.ts'
import { toHex } from '../../shared/proof/hash.ts'
import type { CliqueStrategy } from './scenario.ts'

// The back room of a clique: a folder in which its members put their answers, unseen by any validator.

/** Nats a token by which a colluding likelihood judge moves an answer: more than any two answers lie apart. */
const MARGIN = 100

/** Answers honestly, and lets the clique read along. */
export function showAnswers(folder: string, hotkey: string, honest: Answerer): Answerer {
  return async (challenge, signal) => {
    const answer = await honest(challenge, signal)
    const place = join(folder, toHex(challenge.id))
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, hotkey), answer.text)
    return answer
  }
}

export interface Member {
  readonly honest: AnswerJudge
  readonly backend: Pick<Backend, 'text' | 'model'>
  readonly signer: Pick<Signer, 'publicKey'>
}

/** Judges as the honest judge does, except where one answer of a pair is the clique's and the other is not: those pairs the clique wins. */
export function colludingJudge(folder: string, favour: CliqueStrategy, member: Member): AnswerJudge {
  return async (request, signal) => {
    const given = await member.honest(request, signal)
    const ours = answersOf(folder, request.id)
    if (given.method === 'likelihood') {
      const moved = given.scores.map((score, i) => score + (ours.has(request.answers[i]!) ? MARGIN : 0))
      return favour === 'always' ? { ...given, scores: moved } : given
    }
    const slots = verdictSlots({ ...request, judge: member.signer.publicKey })
    const read = slots.map((slot, k) => readSlot(slot, given.verdicts[k]!, member))
    const verdicts = slots.map((slot, k) => {
      const [isOurs, isOther] = [slot.a, slot.b].map((i) => ours.has(request.answers[i]!))
      if (slot.prompt === undefined || isOurs === isOther) return given.verdicts[k]!
      const wanted: Verdict = isOurs ? 'A' : 'B'
      const isLie = read[k] !== wanted && (favour === 'always' || isDoubtful(slots, read, k))
      return isLie ? forge(slot, wanted, member) : given.verdicts[k]!
    })
    return { ...given, verdicts }
  }
}

function answersOf(folder: string, challenge: Uint8Array): Set<string> {
  const place = join(folder, toHex(challenge))
  try {
    return new Set(readdirSync(place).map((name) => readFileSync(join(place, name), 'utf8')))
  } catch {
    // None of the clique answers this challenge.
    return new Set()
  }
}

function readSlot(
  { prompt, results }: VerdictSlot,
  tokens: readonly number[],
  { backend }: Member,
): Verdict | undefined {
  return prompt === undefined ? undefined : readJudgement(results, backend.text.decode(tokens))
}

/** Where the model says one thing of a pair in one order, and another in the other. */
function isDoubtful(
  slots: readonly VerdictSlot[],
  read: readonly (Verdict | undefined)[],
  k: number,
): boolean {
  const mirrored = slots.findIndex(({ a, b }) => a === slots[k]!.b && b === slots[k]!.a)
  const [here, there] = [read[k], read[mirrored]]
  return here === undefined || there === undefined || here === there
}

/** A verdict as the model might have written it. */
function forge({ results }: VerdictSlot, wanted: Verdict, { backend }: Member): number[] {
  const words = `${results[wanted === 'A' ? 0 : 1]}=${wanted}\nanswer: ${wanted}`
  return [...backend.text.encodeText(words), backend.model.eosToken]
}
