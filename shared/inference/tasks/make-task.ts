import { below, pick, type Random } from '../random.ts'
import { FAMILIES, familyNamed } from './families.ts'
import { makeSubject, story } from './prose.ts'
import type { WorkedTask } from './task.ts'
import { bare, type Exchange, insideStory, storyPrompt } from './wording.ts'

/**
 * A question whose right answer is known, wrapped in a request for a story so that its answer carries surprise, and
 * one right answer in full: a sentence of prose, the steps, and `answer: …` on the last line.
 * Throws UNKNOWN_FAMILY for a family that does not exist.
 * @param lean towards larger (above 0) or smaller questions: see `sizeBelow`
 */
export function makeTask(random: Random, family?: string, lean?: number): WorkedTask {
  const chosen = family === undefined ? pick(random, FAMILIES) : familyNamed(family)
  const { request, ...solution } = chosen.ask(random, lean)
  return { family: chosen.name, answer: solution.answer, ...insideStory(random, request, solution) }
}

/** The question alone, without a story on either side: what training begins with. Throws as `makeTask` does. */
export function makeBareTask(random: Random, family?: string): WorkedTask {
  const chosen = family === undefined ? pick(random, FAMILIES) : familyNamed(family)
  const { request, ...solution } = chosen.ask(random)
  return { family: chosen.name, answer: solution.answer, ...bare(random, request, solution) }
}

const ENDINGS = [
  'say what came next',
  'say whom it met',
  'tell how it all ended',
  'say what it found there',
  'tell what it did then',
  'say who came by later',
]

/** An open-ended request for a story, without a right answer, of the same kind and length as a task's prompt. */
export function makeProsePrompt(random: Random): { readonly prompt: string } {
  return { prompt: makeProse(random).prompt }
}

/** An open-ended prompt and one good continuation. */
export function makeProse(random: Random): Exchange {
  const subject = makeSubject(random)
  const prompt = storyPrompt(random, subject, pick(random, ENDINGS))
  return { prompt, worked: story(random, subject, 70 + below(random, 30)) }
}
