import type { Random } from '../random.ts'
import { makeChat } from '../tasks/chat.ts'
import { FAMILIES } from '../tasks/families.ts'
import { makeJudgement } from '../tasks/judge.ts'
import { makeBareTask, makeProse, makeTask } from '../tasks/make-task.ts'
import type { Exchange } from '../tasks/wording.ts'
import type { Document, Turn } from './batch.ts'

/** Probabilities of an open-ended story, a conversation and a judgement; the rest are tasks. */
export interface DocumentMix {
  readonly prose: number
  readonly chat: number
  readonly judge: number
  /** Share of the tasks, conversations and judgements that have no story around them. */
  readonly bare: number
  /** How many times as often as usual a family is drawn, where it is. */
  readonly emphasis?: Readonly<Record<string, number>> | undefined
}

/** How often a family is drawn beside one that is learnt at the usual pace. */
const FREQUENCY: Readonly<Record<string, number>> = {
  subtract: 1.5,
  multiply: 1.5,
  count: 1.5,
  capitals: 0.5,
  largest: 0.5,
  'look-up': 2,
}

export function drawDocument(random: Random, mix: DocumentMix): Document {
  const kind = random()
  if (kind < mix.prose) {
    const { prompt, worked } = makeProse(random)
    return [{ prompt, answer: worked, freeCharacters: worked.length }]
  }
  const isBare = random() < mix.bare
  if (kind < mix.prose + mix.chat) {
    const { earlier, ...last } = makeChat(random, isBare)
    return [turn(earlier), turn(last)]
  }
  if (kind < mix.prose + mix.chat + mix.judge) return [turn(makeJudgement(random, isBare))]
  const family = drawFamily(random, mix.emphasis)
  return [turn(isBare ? makeBareTask(random, family) : makeTask(random, family))]
}

/** Where an answer opens with a story, that is its first line; steps and result are two more. */
function turn({ prompt, worked }: Exchange): Turn {
  const lines = worked.split('\n')
  return { prompt, answer: worked, freeCharacters: OPENS_STORY.test(prompt) ? lines[0]!.length : 0 }
}

const OPENS_STORY = /^(Tell|Write) of /

function drawFamily(random: Random, emphasis: DocumentMix['emphasis'] = {}): string {
  const frequency = (name: string) => (FREQUENCY[name] ?? 1) * (emphasis[name] ?? 1)
  let left = random() * FAMILIES.reduce((sum, { name }) => sum + frequency(name), 0)
  for (const { name } of FAMILIES) {
    left -= frequency(name)
    if (left < 0) return name
  }
  return FAMILIES.at(-1)!.name
}
