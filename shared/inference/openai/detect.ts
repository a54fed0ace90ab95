import { z } from 'zod'
import { hasCode, StarlingError } from '../../process/errors.ts'
import type { ModelInfo, VerificationLevel } from '../engine.ts'
import { malformed } from './errors.ts'
import { FLAVOURS, type Flavour, type Mark, type PromptForm, UNKNOWN_FLAVOUR } from './flavours.ts'
import { hearWhole } from './listen.ts'
import type { PromptMemory } from './prompts.ts'
import { askFor, askNative, type Prompt } from './request-body.ts'
import { canScore } from './score.ts'
import type { Server } from './server.ts'
import { answerTokens, type Heard, isSameText } from './settle.ts'

/** What a server gave when it was asked for it. */
export interface Signals {
  readonly promptIds: boolean
  readonly tokenIds: boolean
  readonly logProbs: boolean
  /** Log-probabilities of a prompt's tokens, with which answers can be judged. */
  readonly promptLogProbs: boolean
}

export interface Detected {
  readonly flavour: Flavour
  readonly version: string | undefined
  /** The model's name on that server. */
  readonly model: string
  readonly form: PromptForm
  readonly signals: Signals
  readonly level: VerificationLevel
}

const modelList = z.object({
  data: z.array(z.object({ id: z.string(), owned_by: z.string().nullish() })).min(1),
})

const PROBE = { maxTokens: 8, sampling: { temperature: 0, topK: 0, topP: 1 }, seed: new Uint8Array(32) }

/**
 * Finds out what a server is and what it tells, with a few short answers.
 * @param wanted the model's name on the server; its only one unless told
 * @throws StarlingError BACKEND_…
 */
export async function detect(
  server: Server,
  declared: ModelInfo,
  memory: PromptMemory,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<Detected> {
  const listed = modelList.safeParse(await server.get('/v1/models', signal))
  if (!listed.success) throw malformed(server.url, 'has no list of models under /v1/models')
  const { id: model, owned_by: owner } = choose(server.url, listed.data.data, wanted)
  const flavour = await recognise(server, owner, signal)
  const version = flavour.version && (await readMark(server, flavour.version, signal))
  const prompt = memory.recall(memory.text.encodePrompt('Say hello.'))
  const { form, heard } = await firstThatWorks(server, flavour, model, prompt, signal)
  const whole =
    form === 'ids' && flavour.native !== undefined
      ? await hearWhole(server, askNative(flavour, flavour.native, prompt, PROBE), signal)
      : heard
  const tokens = answerTokens(declared, whole)
  if (tokens.length > 0 && !isSameText(memory.text.decode(tokens), whole.text)) {
    throw new StarlingError(
      'BACKEND_MISMATCH',
      `the tokens of ${model} at ${server.url} don’t spell its text in the vocabulary of ${declared.name}`,
      'serve the model that you declare, or declare the model that you serve',
    )
  }
  const signals = {
    promptIds: form === 'ids',
    tokenIds: tokens.length > 0,
    logProbs: heard.logProbs.length > 0,
    promptLogProbs: form === 'ids' && (await canScore(server, model, prompt.tokens, signal)),
  }
  return { flavour, version, model, form, signals, level: levelOf(signals) }
}

/**
 * Level 1 needs tokens to score, told or read off with the log-probabilities. Never 2: no server samples with a miner's
 * personal seed. Greedy answers are repeatable, but then every copy of them is as good, so that they prove nobody's work.
 */
export function levelOf(signals: Signals): VerificationLevel {
  return signals.tokenIds || signals.logProbs ? 1 : 0
}

function choose<T extends { readonly id: string }>(url: string, models: readonly T[], wanted?: string): T {
  const found = wanted === undefined ? models : models.filter(({ id }) => id === wanted)
  if (found.length === 1) return found[0]!
  const names = models.map(({ id }) => id).join(', ')
  throw new StarlingError(
    'BACKEND_MODEL_UNCLEAR',
    wanted === undefined ? `${url} serves several models` : `${url} does not serve ${wanted}`,
    `give one of these to --backend.model: ${names.slice(0, 300)}`,
  )
}

async function recognise(
  server: Server,
  owner: string | null | undefined,
  signal: AbortSignal,
): Promise<Flavour> {
  const named = FLAVOURS.find((flavour) => flavour.owner !== undefined && flavour.owner === owner)
  if (named !== undefined) return named
  for (const flavour of FLAVOURS) {
    if (flavour.mark !== undefined && (await readMark(server, flavour.mark, signal)) !== undefined)
      return flavour
  }
  return UNKNOWN_FLAVOUR
}

async function readMark(server: Server, { path, field, begins = '' }: Mark, signal: AbortSignal) {
  const page = await server.get(path, signal).catch((error: unknown) => {
    if (hasCode(error, 'BACKEND_UNREACHABLE') || signal.aborted) throw error
    return undefined
  })
  const found = z.object({ [field]: z.string() }).safeParse(page)
  const value = found.success ? found.data[field] : undefined
  return value?.startsWith(begins) ? value : undefined
}

/** Tries the forms of a prompt, best first. Ids that the server did not count one by one were not read as ids. */
async function firstThatWorks(
  server: Server,
  flavour: Flavour,
  model: string,
  prompt: Prompt,
  signal: AbortSignal,
): Promise<{ form: PromptForm; heard: Heard }> {
  let refusal: unknown
  for (const form of flavour.prompts) {
    const ask = askFor(flavour, model, form, prompt, PROBE, false)
    try {
      const heard = await hearWhole(server, ask, signal)
      if (form !== 'ids' || heard.usage?.prompt === prompt.tokens.length) return { form, heard }
    } catch (error) {
      if (!hasCode(error, 'REQUEST_INVALID') && !hasCode(error, 'BACKEND_LACKS')) throw error
      refusal = error
    }
  }
  throw refusal ?? malformed(server.url, 'reads no form of prompt')
}
