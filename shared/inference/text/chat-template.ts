import { type Context, createContext, Script } from 'node:vm'
import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja'
import { StarlingError } from '../../process/errors.ts'
import type { ChatMessage } from '../text-codec.ts'

/** Lays turns out as text, up to where the model is to answer. Throws REQUEST_INVALID for turns that it refuses. */
export type ChatTemplate = (messages: readonly ChatMessage[]) => string

const MOST_CHARACTERS = 4_000_000
const MOST_MILLISECONDS = 1000
const LONGEST_RANGE = 10_000

/** The one call that is made under a time limit. */
const CALL = new Script('render()')

/**
 * A chat template in Jinja, as Hugging Face tokenizers have them. It comes with the model, so it is not trusted with our time:
 * a rendering ends after a second, and its text is bounded. What it allocates within that second is not. Templates that ask
 * for the date are answered as if there were none: two peers must lay one prompt out alike.
 *
 * @param constants what the template knows besides the messages: `bos_token` and its like
 * @throws whatever the parser says of a template that is not Jinja
 */
export function chatTemplate(source: string, constants: Readonly<Record<string, string>>): ChatTemplate {
  const program = parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }))
  const room = createContext({})
  return (messages) => {
    room.render = () => {
      const environment = new Environment()
      const variables = {
        ...globals,
        tools: null,
        documents: null,
        ...constants,
        messages: messages.map(({ role, content }) => ({ role, content })),
        add_generation_prompt: true,
      }
      for (const [name, value] of Object.entries(variables)) environment.set(name, value)
      const { value } = new Interpreter(environment).run(program)
      return value
    }
    const text = inTime(room)
    if (typeof text !== 'string') throw refused('it gave no text')
    // Before anything looks into it: a text that was doubled fifty times is only written out when it is read.
    if (text.length > MOST_CHARACTERS) throw refused(`it wrote more than ${MOST_CHARACTERS} characters`)
    return text
  }
}

const globals = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  raise_exception(reason: string) {
    throw new Error(reason)
  },
  range(start: number, stop?: number, step = 1): number[] {
    const [from, to] = stop === undefined ? [0, start] : [start, stop]
    const length = Math.max(0, Math.ceil((to - from) / step))
    if (!(length <= LONGEST_RANGE)) throw new Error(`it counts to more than ${LONGEST_RANGE}`)
    return Array.from({ length }, (_, i) => from + i * step)
  },
}

function inTime(room: Context): unknown {
  try {
    return CALL.runInContext(room, { timeout: MOST_MILLISECONDS })
  } catch (error) {
    // What the limit throws is an Error of the other context, so not an instance of ours.
    throw refused((error as Partial<Error>).message ?? String(error))
  }
}

function refused(why: string): StarlingError {
  return new StarlingError(
    'REQUEST_INVALID',
    `the model's chat template refuses these messages: ${why}`,
    'see which roles it takes, and in which order, in the model card',
  )
}
