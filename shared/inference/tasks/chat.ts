import { below, pick, type Random } from '../random.ts'
import { addition } from './families/add.ts'
import { capitalized } from './families/capitals.ts'
import { reversal } from './families/reverse.ts'
import { insertionSort } from './families/sort.ts'
import { makeBareTask } from './make-task.ts'
import type { Question, WorkedTask } from './task.ts'
import { bare, type Exchange, insideStory } from './wording.ts'

/** A conversation of two turns: the second question is about the answer to the first. */
export interface ChatTask extends WorkedTask {
  /** The first question, with its right answer. */
  readonly earlier: Exchange
}

/** Results short enough to go on with. */
const LONGEST = 6

/** `Now reverse kadmo.`, its answer, then `Tell of a shy fox, then shout that.`, or where it is bare `Now shout that.` */
export function makeChat(random: Random, isBare = false): ChatTask {
  let earlier = makeBareTask(random)
  while (earlier.answer.length > LONGEST) earlier = makeBareTask(random)
  const { request, ...solution } = followUp(random, earlier.answer)
  const exchange = (isBare ? bare : insideStory)(random, request, solution)
  return { family: 'chat', earlier, answer: solution.answer, ...exchange }
}

/** A question about a result, which it calls `that`. */
function followUp(random: Random, result: string): Question {
  const makers = [() => ({ request: 'reverse that', ...reversal(result) })]
  if (/^\d+$/.test(result)) {
    const amount = 2 + below(random, 98)
    makers.push(() => ({ request: `add ${amount} to that`, ...addition(Number(result), amount) }))
    makers.push(() => ({ request: 'sort that', ...insertionSort(result) }))
  } else if (/^[a-z]+$/.test(result)) {
    makers.push(() => ({ request: 'shout that', ...capitalized(result) }))
  }
  return pick(random, makers)()
}
