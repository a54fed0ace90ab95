import { pick, type Random } from '../random.ts'
import { makeSubject, openingSentence, withArticle } from './prose.ts'
import type { Solution } from './task.ts'

/** What may stand between two steps; which one is chance, so the working carries surprise too. */
const LINKS = [', ', '; ', ': ', '. ', ' / ', ' | ', ' > ', ' ~ ']

/** A prompt and one good answer to it. */
export interface Exchange {
  readonly prompt: string
  readonly worked: string
}

/** A request for a story that ends with the request: `Tell of a shy fox, then add 374 and 258.` */
export function storyPrompt(random: Random, subject: string, request: string): string {
  return `${pick(random, ['Tell of', 'Write of'])} ${withArticle(subject)}, then ${request}.`
}

/** A request inside a request for a story, and its answer after a sentence of the story. */
export function insideStory(random: Random, request: string, solution: Solution): Exchange {
  const subject = makeSubject(random)
  const worked = `${openingSentence(random, subject)}\n${workedOut(random, solution)}`
  return { prompt: storyPrompt(random, subject, request), worked }
}

/** A request and its answer alone. */
export function bare(random: Random, request: string, solution: Solution): Exchange {
  return { prompt: `Now ${request}.`, worked: workedOut(random, solution) }
}

function workedOut(random: Random, { steps, answer }: Solution): string {
  return `${linkSteps(random, steps)}\nanswer: ${answer}`
}

/** `12-8=4, 7-5-1=1 > …` */
export function linkSteps(random: Random, steps: readonly string[]): string {
  return steps.map((step, i) => (i === 0 ? step : pick(random, LINKS) + step)).join('')
}
