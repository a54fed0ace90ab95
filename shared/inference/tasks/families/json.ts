import { below, pick } from '../../random.ts'
import { makeNumber, makeWord } from '../letters.ts'
import { sizeBelow } from '../size.ts'
import type { Family } from '../task.ts'

const FIELDS = 'id,age,name,city,size,cost,code,team,rank,tag,day,zip'.split(',')

/** Copies the wanted field of a small object with its value, then the value alone: `"age":37`. */
export const json: Family = {
  name: 'json',
  ask(random, lean) {
    const left = [...FIELDS]
    const fields = Array.from({ length: 2 + sizeBelow(random, 2, lean) }, () => {
      const field = left.splice(below(random, left.length), 1)[0]!
      return [field, random() < 0.5 ? makeNumber(random, 2) : makeWord(random, 3)] as const
    })
    const [wanted, value] = pick(random, fields)
    const object = JSON.stringify(Object.fromEntries(fields))
    const step = `"${wanted}":${JSON.stringify(value)}`
    return { request: `read ${wanted} in ${object}`, steps: [step], answer: String(value) }
  },
}
