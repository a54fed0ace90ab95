/** Types of a runtime's metadata (scale-info's portable registry), made from expressions such as `Vec<(NetUid,u64)>`. */
export interface TypeTable {
  /** Id of a type: a primitive, a defined name, or `Vec`, `Option`, `Compact`, `BoundedVec`, `[T;n]` or a tuple of such. */
  id(expression: string): number
  struct(name: string, fields: Readonly<Record<string, string>>, path?: string, params?: Params): void
  /** A struct with one unnamed field. */
  newtype(name: string, inner: string, path?: string): void
  enumeration(name: string, variants: readonly Variant[], options?: { path?: string; params?: Params }): void
  /** What `MetadataV16.lookup` is made of. */
  readonly types: readonly unknown[]
}

export interface Variant {
  readonly name: string
  readonly index: number
  /** Name and type; a name that is only digits is left out. */
  readonly fields: readonly (readonly [name: string, type: string])[]
}

type Params = readonly (readonly [name: string, type: string])[]

const PRIMITIVES = ['bool', 'str', 'u8', 'u16', 'u32', 'u64', 'u128', 'i16', 'i64', 'i128']

export function createTypeTable(): TypeTable {
  const types: { id: number; type: Record<string, unknown> }[] = []
  const ids = new Map<string, number>()
  /** Made at first use, so that types can name each other. */
  const defined = new Map<string, () => Record<string, unknown>>()

  /** The place is taken before the definition is made, so that a type can contain itself. */
  const add = (expression: string, make: () => Record<string, unknown>): number => {
    const id = types.length
    ids.set(expression, id)
    const entry = { id, type: {} }
    types.push(entry)
    entry.type = { path: [], params: [], docs: [], ...make() }
    return id
  }
  const fieldsOf = (fields: Variant['fields']) =>
    fields.map(([name, type]) => ({
      name: /^\d+$/.test(name) ? null : name,
      type: id(type),
      typeName: type,
      docs: [],
    }))
  const sequence = (inner: string) => ({ def: { Sequence: { type: id(inner) } } })

  const make = (expression: string): Record<string, unknown> => {
    const known = defined.get(expression)
    if (known !== undefined) return known()
    if (PRIMITIVES.includes(expression)) return { def: { Primitive: capital(expression) } }
    if (expression.startsWith('(')) {
      return { def: { Tuple: splitList(expression.slice(1, -1)).map(id) } }
    }
    const array = /^\[(.*);(\d+)\]$/.exec(expression)
    if (array?.[1]) return { def: { Array: { len: Number(array[2]), type: id(array[1]) } } }
    const [, outer, inner] = /^(\w+)<(.*)>$/.exec(expression) ?? []
    if (outer === undefined || inner === undefined) throw new Error(`type ${expression} is not defined`)
    if (outer === 'Vec') return sequence(inner)
    if (outer === 'Compact') return { def: { Compact: { type: id(inner) } } }
    if (outer === 'Option') {
      const variants = [
        { name: 'None', index: 0, fields: [], docs: [] },
        { name: 'Some', index: 1, fields: fieldsOf([['0', inner]]), docs: [] },
      ]
      return {
        path: ['Option'],
        params: [{ name: 'T', type: id(inner) }],
        def: { Variant: { variants } },
      }
    }
    if (outer !== 'BoundedVec') throw new Error(`type ${outer} is not known`)
    return {
      path: ['bounded_collections', 'bounded_vec', 'BoundedVec'],
      params: [{ name: 'T', type: id(inner) }],
      def: { Composite: { fields: fieldsOf([['0', `Vec<${inner}>`]]) } },
    }
  }
  const id = (expression: string): number => ids.get(expression) ?? add(expression, () => make(expression))

  const named = (path: string, params: Params) => ({
    path: path.split('::'),
    params: params.map(([name, type]) => ({ name, type: id(type) })),
  })
  const composite = (
    name: string,
    fields: Variant['fields'],
    path = `subtensor::${name}`,
    params: Params = [],
  ) => defined.set(name, () => ({ ...named(path, params), def: { Composite: { fields: fieldsOf(fields) } } }))

  return {
    id,
    struct: (name, fields, path, params) => composite(name, Object.entries(fields), path, params),
    newtype: (name, inner, path) => composite(name, [['0', inner]], path),
    enumeration(name, variants, { path = `subtensor::${name}`, params = [] } = {}) {
      defined.set(name, () => ({
        ...named(path, params),
        def: {
          Variant: {
            variants: variants.map((variant) => ({ ...variant, fields: fieldsOf(variant.fields), docs: [] })),
          },
        },
      }))
    },
    types,
  }
}

/** `a,(b,c)` is two. */
export function splitList(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const char of text) {
    if ('(<['.includes(char)) depth++
    if (')>]'.includes(char)) depth--
    if (char === ',' && depth === 0) {
      parts.push(part.trim())
      part = ''
    } else part += char
  }
  return part.trim() === '' ? parts : [...parts, part.trim()]
}

function capital(name: string): string {
  return name[0]?.toUpperCase() + name.slice(1)
}
