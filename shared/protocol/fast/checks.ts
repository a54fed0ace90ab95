import type { z } from 'zod'

/** True where a value passes; never throws. */
export type Check = (value: unknown) => boolean

/** What a schema is made of, as zod lays it open. */
export function defOf(schema: z.core.SomeType) {
  return (schema as z.core.$ZodTypes)._zod.def
}

/** True where an object may have no other fields than its own. */
export function isStrict({ catchall }: z.core.$ZodObjectDef): boolean {
  return catchall !== undefined && defOf(catchall).type === 'never'
}

/** Whether a value in memory is what a schema without fields describes; undefined where that is not known here. */
export function checkOf(schema: z.core.SomeType): Check | undefined {
  const def = defOf(schema)
  switch (def.type) {
    case 'custom':
      return (value) => Boolean(def.fn(value))
    case 'number':
      return both(Number.isFinite, checksOf(def.checks))
    case 'string':
      return both((value) => typeof value === 'string', checksOf(def.checks))
    case 'enum': {
      const values = new Set<unknown>(Object.values(def.entries))
      return (value) => values.has(value)
    }
    case 'literal': {
      const values = new Set<unknown>(def.values)
      return (value) => values.has(value)
    }
    case 'array': {
      const element = checkOf(def.element)
      return element && both((value) => isArrayOf(value, element), checksOf(def.checks))
    }
    default:
      return undefined
  }
}

/** All checks of a schema as one; undefined where one of them is not known here. */
export function checksOf(checks: readonly z.core.$ZodCheck[] = []): Check | undefined {
  const all: Check[] = []
  for (const check of checks) {
    const compiled = compileCheck(check) as Check | undefined
    if (compiled === undefined) return undefined
    all.push(compiled)
  }
  return (value) => {
    for (const check of all) if (!check(value)) return false
    return true
  }
}

/** A hole is undefined here, which ‘every’ would pass over. */
function isArrayOf(value: unknown, element: Check): boolean {
  if (!Array.isArray(value)) return false
  for (let i = 0; i < value.length; i++) if (!element(value[i])) return false
  return true
}

function both(first: Check, then: Check | undefined): Check | undefined {
  return then && ((value) => first(value) && then(value))
}

function compileCheck(check: z.core.$ZodCheck): ((value: never) => boolean) | undefined {
  const { def } = check._zod
  switch (def.check) {
    case 'greater_than': {
      const { value: least, inclusive } = def as z.core.$ZodCheckGreaterThanDef & { value: number }
      return inclusive ? (value: number) => value >= least : (value: number) => value > least
    }
    case 'less_than': {
      const { value: most, inclusive } = def as z.core.$ZodCheckLessThanDef & { value: number }
      return inclusive ? (value: number) => value <= most : (value: number) => value < most
    }
    case 'number_format':
      return (def as z.core.$ZodCheckNumberFormatDef).format === 'safeint' ? Number.isSafeInteger : undefined
    case 'min_length': {
      const { minimum } = def as z.core.$ZodCheckMinLengthDef
      return (value: { readonly length: number }) => value.length >= minimum
    }
    case 'max_length': {
      const { maximum } = def as z.core.$ZodCheckMaxLengthDef
      return (value: { readonly length: number }) => value.length <= maximum
    }
    case 'string_format': {
      const { format, pattern } = def as z.core.$ZodCheckStringFormatDef
      // A pattern with a memory would depend on what it was asked before.
      if (format !== 'regex' || pattern === undefined || pattern.global || pattern.sticky) return undefined
      return (value: string) => pattern.test(value)
    }
    case 'custom': {
      const { fn } = def as z.core.$ZodCustomDef
      return (value: unknown) => Boolean(fn(value))
    }
    default:
      return undefined
  }
}
