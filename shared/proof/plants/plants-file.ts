import { z } from 'zod'
import { StarlingError } from '../../process/errors.ts'
import { fromHex, toHex } from '../hash.ts'
import { MOST_PLANTED, type Plants } from './plants.ts'

const schema = z.strictObject({
  format: z.literal('starling-plants/1'),
  secret: z.string().regex(/^0x[0-9a-f]{64}$/),
  hotkey: z.string().min(1),
  /** In whole millionths, as the commitment binds it. */
  rate: z
    .number()
    .gt(0)
    .max(MOST_PLANTED)
    .refine((rate) => Math.round(rate * 1e6) / 1e6 === rate, 'not in whole millionths'),
})

/** The text of a secret's file: to be kept until the planter shows what it planted, and published then. */
export function formatPlants({ secret, hotkey, rate }: Plants): string {
  const file: z.infer<typeof schema> = { format: 'starling-plants/1', secret: toHex(secret), hotkey, rate }
  return `${JSON.stringify(file, undefined, 2)}\n`
}

/** @param name of the file, for messages @throws StarlingError PLANTS_INVALID */
export function parsePlants(text: string, name: string): Plants {
  const invalid = (what: string) =>
    new StarlingError('PLANTS_INVALID', `${name}: ${what}`, 'give the file that the planting miner wrote')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw invalid('is not JSON')
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) {
    const { secret, hotkey, rate } = parsed.data
    return { secret: fromHex(secret), hotkey, rate }
  }
  const issue = parsed.error.issues[0]!
  throw invalid(`${issue.path.join('.') || 'the file'}: ${issue.message}`)
}
