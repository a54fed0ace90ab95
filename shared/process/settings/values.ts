import { z } from 'zod'

/** A complaint that quotes the value: `many is not a whole number.` */
const not = (what: string) => ({
  error: ({ input }: { readonly input?: unknown }) => `${shown(input)} is not ${what}.`,
})

/** 0 and up. */
export const wholeNumberType = z
  .number(not('a whole number'))
  .int(not('a whole number'))
  .min(0, not('a whole number'))

/** 1 and up. */
export const positiveType = wholeNumberType.min(1, { error: 'Give 1 or more.' })

/** A TCP port; 0 lets the system choose. */
export const portType = wholeNumberType.max(65_535, not('a port'))

/** 0 to 1. */
export const shareType = z
  .number(not('a share, 0 to 1'))
  .min(0, not('a share, 0 to 1'))
  .max(1, not('a share, 0 to 1'))

export const textType = z.string(not('text')).min(1, { error: 'It is empty.' })

export const switchType = z.boolean(not('true or false'))

/** One of these names. */
export function choiceType<const Names extends readonly [string, ...string[]]>(names: Names) {
  return z.enum(names, {
    error: ({ input }) => `${shown(input)} is not known. Allowed choices are ${names.join(', ')}.`,
  })
}

/** WebSocket addresses, one at least. */
export const endpointsType = z
  .array(
    z
      .string(not('a ws:// or wss:// address'))
      .regex(/^wss?:\/\/./, { error: ({ input }) => `'${input}' is not a ws:// or wss:// address.` }),
    not('a list of addresses'),
  )
  .min(1, { error: 'Give one address at least.' })

function shown(input: unknown): string {
  return typeof input === 'string' ? input : (JSON.stringify(input) ?? 'nothing')
}
