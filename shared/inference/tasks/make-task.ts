import { StarlingError } from '../../process/errors.ts'
import { below, pick, type Random } from '../random.ts'
import { add } from './families/add.ts'
import { capitals } from './families/capitals.ts'
import { count } from './families/count.ts'
import { largest } from './families/largest.ts'
import { lookUp } from './families/look-up.ts'
import { reverse } from './families/reverse.ts'
import { sort } from './families/sort.ts'
import { subtract } from './families/subtract.ts'
import { makeSubject, openingSentence, story, withArticle } from './prose.ts'
import type { Family, WorkedTask } from './task.ts'

export const FAMILIES: readonly Family[] = [add, subtract, sort, reverse, capitals, count, largest, lookUp]

/** What may stand between two steps; which one is chance, so the working carries surprise too. */
const LINKS = [', ', '; ', ': ', '. ', ' / ', ' | ', ' > ', ' ~ ']

/**
 * A question whose right answer is known, wrapped in a request for a story so that it looks like an open-ended one, and
 * one right answer in full: a sentence of prose, the steps, and `answer: …` on the last line.
 * Throws UNKNOWN_FAMILY for a family that does not exist.
 */
export function makeTask(random: Random, family?: string): WorkedTask {
  const chosen = family === undefined ? pick(random, FAMILIES) : familyNamed(family)
  const subject = makeSubject(random)
  const { request, steps, answer } = chosen.ask(random)
  const worked = `${openingSentence(random, subject)}\n${link(random, steps)}\nanswer: ${answer}`
  return { family: chosen.name, prompt: promptAbout(random, subject, request), answer, worked }
}

/** The question alone, without a story on either side: what training begins with. */
export function makeBareTask(random: Random): WorkedTask {
  const family = pick(random, FAMILIES)
  const { request, steps, answer } = family.ask(random)
  const worked = `${link(random, steps)}\nanswer: ${answer}`
  return { family: family.name, prompt: `Now ${request}.`, answer, worked }
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
export function makeProse(random: Random): { readonly prompt: string; readonly worked: string } {
  const subject = makeSubject(random)
  const prompt = promptAbout(random, subject, pick(random, ENDINGS))
  return { prompt, worked: story(random, subject, 70 + below(random, 30)) }
}

function promptAbout(random: Random, subject: string, request: string): string {
  return `${pick(random, ['Tell of', 'Write of'])} ${withArticle(subject)}, then ${request}.`
}

/** `12-8=4, 7-5-1=1 > …` */
function link(random: Random, steps: readonly string[]): string {
  return steps.map((step, i) => (i === 0 ? step : pick(random, LINKS) + step)).join('')
}

function familyNamed(name: string): Family {
  const family = FAMILIES.find((candidate) => candidate.name === name)
  if (family !== undefined) return family
  const known = FAMILIES.map((candidate) => candidate.name).join(', ')
  throw new StarlingError('UNKNOWN_FAMILY', `no task family ${name}`, `choose one of ${known}`)
}
