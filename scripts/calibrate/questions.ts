import { below, type Random } from '../../shared/inference/random.ts'
import { makeBareTask, makeTask } from '../../shared/inference/tasks/make-task.ts'
import type { ChatMessage, TextCodec } from '../../shared/inference/text-codec.ts'

/** One answer to be measured. */
export interface Question {
  /** What the prover reads. */
  readonly asked: readonly number[]
  /** What the validator believes was asked: the same, unless somebody cheats. */
  readonly declared: readonly number[]
  /** 32 bytes each. */
  readonly seed: Uint8Array
  readonly challenge: Uint8Array
  /** Of the answer, at most. */
  readonly maxTokens: number
}

/** The context that an answer may not leave, and its own length. */
export interface Lengths {
  readonly contextLength: number
  readonly maxTokens: number
}

/** Turns of a conversation, the last still to be answered. */
export type Conversation = readonly ChatMessage[]

/**
 * Conversations whose lengths spread evenly from a single question to what leaves room for a short answer, so
 * that every stretch of positions gets rows.
 */
export function makeConversations(
  random: Random,
  text: TextCodec,
  count: number,
  contextLength: number,
): Conversation[] {
  const room = contextLength - LEAST_ROOM
  return Array.from({ length: count }, (_, i) =>
    conversationOf(random, text, (room * (i + random())) / count),
  )
}

/** Tokens that every prompt leaves for its answer. */
const LEAST_ROOM = 16

/** Prompts below this are bare questions: with a story around it, none is so short. */
const SHORT = 80

/** As many turns as fit into a number of tokens, and part of one more before them. */
function conversationOf(random: Random, text: TextCodec, tokens: number): Conversation {
  const { prompt } = tokens < SHORT ? makeBareTask(random) : makeTask(random)
  let turns: Conversation = [{ role: 'user', content: prompt }]
  for (;;) {
    const { prompt, worked } = makeTask(random)
    const question = { role: 'user', content: prompt } as const
    const longer: Conversation = [question, { role: 'assistant', content: worked }, ...turns]
    if (text.encodeChat(longer).length > tokens) {
      // A character is at most a token here, as all are ASCII.
      const left = Math.max(0, Math.floor(tokens) - text.encodeChat(turns).length)
      const [{ role, content }, ...rest] = turns as [ChatMessage, ...ChatMessage[]]
      return [{ role, content: worked.slice(0, left) + content }, ...rest]
    }
    turns = longer
  }
}

/** The question of an honest prover. */
export function honestQuestion(
  random: Random,
  text: TextCodec,
  turns: Conversation,
  { contextLength, maxTokens }: Lengths,
): Question {
  const declared = text.encodeChat(turns)
  const fitting = Math.min(maxTokens, contextLength - declared.length)
  const [seed, challenge] = [bytes32(random), bytes32(random)]
  return { asked: declared, declared, seed, challenge, maxTokens: fitting }
}

/** The same, but the prover reads one character of what the user said differently. */
export function editedQuestion(
  random: Random,
  text: TextCodec,
  turns: Conversation,
  lengths: Lengths,
): Question {
  const spoken = turns.flatMap(({ role }, turn) => (role === 'user' ? [turn] : []))
  const edited = spoken[below(random, spoken.length)]!
  const { role, content } = turns[edited]!
  const place = below(random, content.length)
  const other = content[place] === 'q' ? 'x' : 'q'
  const message = { role, content: content.slice(0, place) + other + content.slice(place + 1) }
  return {
    ...honestQuestion(random, text, turns, lengths),
    asked: text.encodeChat(turns.with(edited, message)),
  }
}

function bytes32(random: Random): Uint8Array {
  return Uint8Array.from({ length: 32 }, () => below(random, 256))
}
