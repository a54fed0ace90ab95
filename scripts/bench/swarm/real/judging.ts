import { likelihoodPreferences } from '../../../../shared/consensus/pairs.ts'
import type { Judgement } from '../../../../shared/consensus/voice.ts'
import type { Engine } from '../../../../shared/inference/engine.ts'
import { readJudgement, type Verdict } from '../../../../shared/inference/tasks/judge.ts'
import { judgementPreferences } from '../../../../shared/judging/preferences.ts'
import { type VerdictSlot, verdictSlots } from '../../../../shared/judging/verdict-slots.ts'
import { hashText } from '../../../../shared/proof/hash.ts'
import { defaultRoundConfig } from './config.ts'
import type { ModelName } from './models.ts'
import type { Question } from './questions.ts'

/** A miner that judges. */
export interface RealJudge {
  readonly name: string
  readonly model: ModelName
}

/** A question and the texts that judges compare, no two of one result. */
export interface Shown {
  readonly question: Question
  readonly texts: readonly string[]
}

export interface PromptedJudgement extends Judgement {
  /** Verdicts that were asked for, and the tokens written for them. */
  readonly asked: number
  readonly tokens: number
}

/** A verdict as its judge sends it. */
export interface WrittenVerdict {
  readonly verdict: Verdict | undefined
  readonly tokens: readonly number[]
}

/** Compares the answers pair by pair, as a prompted judge does. */
export async function judgePairs(
  engine: Engine,
  { question, texts }: Shown,
  judge: RealJudge,
): Promise<PromptedJudgement> {
  const slots = slotsOf(question, texts, judge)
  const written = await Promise.all(slots.map((slot) => writeVerdict(engine, slot)))
  return {
    voice: `${judge.model}:prompted`,
    preferences: judgementPreferences(
      slots,
      written.map(({ verdict }) => verdict),
    ),
    asked: slots.filter(({ prompt }) => prompt !== undefined).length,
    tokens: written.reduce((sum, { tokens }) => sum + tokens.length, 0),
  }
}

export function slotsOf({ id, task }: Question, texts: readonly string[], judge: RealJudge): VerdictSlot[] {
  return verdictSlots({ id, judge: hashText(judge.name), prompt: task.prompt, answers: texts })
}

/** One verdict, under the sampling of a round. */
export async function writeVerdict(
  engine: Engine,
  { prompt, results, settled, seed }: Pick<VerdictSlot, 'prompt' | 'results' | 'settled' | 'seed'>,
): Promise<WrittenVerdict> {
  if (prompt === undefined) return { verdict: settled, tokens: [] }
  const { text, tokens } = await engine.generate({
    promptTokens: engine.text.encodePrompt(prompt),
    maxTokens: defaultRoundConfig.verdictTokens,
    sampling: verdictSampling,
    seed,
  })
  return { verdict: readJudgement(results, text), tokens }
}

export const verdictSampling = { temperature: defaultRoundConfig.judgeTemperature, topK: 0, topP: 1 }

/** Nats a token below which two likelihoods are one opinion. */
const TIE = 1e-6

/** Compares the answers by how likely the judge's model finds them, one number each. */
export async function judgeLikelihoods(
  engine: Engine,
  { question, texts }: Shown,
  model: ModelName,
): Promise<Judgement> {
  const promptTokens = engine.text.encodePrompt(question.task.prompt)
  const scores = await Promise.all(
    texts.map(async (text) => {
      const tokens = [...engine.text.encodeText(text), engine.model.eosToken]
      const { logProb } = await engine.score({ promptTokens, tokens })
      return logProb / tokens.length
    }),
  )
  return { voice: `${model}:likelihood`, preferences: likelihoodPreferences(scores, TIE) }
}
