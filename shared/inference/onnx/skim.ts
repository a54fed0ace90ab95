import {
  type ByteSource,
  damaged,
  type Field,
  type ProtobufReader,
  protobufReader,
} from './protobuf-reader.ts'

/** An input or output of a graph. */
export interface ValueFacts {
  readonly name: string
  /** TensorProto.DataType; 0 where it is not a tensor. */
  readonly type: number
  /** Fixed sizes as numbers, others as their name, '' where they have none. */
  readonly shape: readonly (number | string)[]
}

export interface NodeFacts {
  readonly operator: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Its integer attributes. */
  readonly integers: ReadonlyMap<string, number>
}

/** What an ONNX file says of itself, apart from its weights. */
export interface ModelFacts {
  readonly inputs: readonly ValueFacts[]
  readonly outputs: readonly ValueFacts[]
  readonly nodes: readonly NodeFacts[]
  /** Names of weights and constants. */
  readonly initializers: ReadonlySet<string>
  /** How many values the weights hold, by TensorProto.DataType. */
  readonly weights: ReadonlyMap<number, number>
  /** Every file name that a tensor's data is said to lie in, as written, and how many bytes that file must have. */
  readonly externalFiles: ReadonlyMap<string, number>
}

interface Collected {
  readonly inputs: ValueFacts[]
  readonly outputs: ValueFacts[]
  readonly nodes: NodeFacts[]
  readonly initializers: Set<string>
  readonly weights: Map<number, number>
  readonly externalFiles: Map<string, number>
}

/** Graphs inside of graphs; real models have at most two levels. */
const DEEPEST = 16
const MOST_NODES = 500_000
const EXTERNAL = 1

/**
 * Reads the structure of an ONNX file (onnx.proto3; field numbers as there) and skips its weights. Throws MODEL_DAMAGED
 * for what is not an ONNX model.
 */
export function skimModel(source: ByteSource): ModelFacts {
  const reader = protobufReader(source)
  const facts: Collected = {
    inputs: [],
    outputs: [],
    nodes: [],
    initializers: new Set(),
    weights: new Map(),
    externalFiles: new Map(),
  }
  let hasGraph = false
  for (const field of reader.fields(0, reader.size)) {
    if (field.number === 7) {
      hasGraph = true
      skimGraph(source.name, reader, field, facts, 0)
    }
    // Functions of the model's own hold nodes, and these constants.
    if (field.number === 25) {
      for (const part of inside(reader, field))
        if (part.number === 7) skimNode(source.name, reader, part, facts, 1)
    }
  }
  if (!hasGraph) throw damaged(source.name, 'is not an ONNX model: it has no graph')
  return facts
}

function inside(reader: ProtobufReader, { start, end }: Field): Iterable<Field> {
  return reader.fields(start, end)
}

function skimGraph(
  name: string,
  reader: ProtobufReader,
  graph: Field,
  facts: Collected,
  depth: number,
): void {
  if (depth > DEEPEST) throw damaged(name, `nests graphs more than ${DEEPEST} deep`)
  for (const field of inside(reader, graph)) {
    if (field.number === 1) skimNode(name, reader, field, facts, depth)
    else if (field.number === 5) skimTensor(reader, field, facts, depth === 0)
    else if (field.number === 15) {
      for (const part of inside(reader, field))
        if (part.number < 3) skimTensor(reader, part, facts, depth === 0)
    } else if (depth === 0 && field.number === 11) facts.inputs.push(valueFacts(reader, field))
    else if (depth === 0 && field.number === 12) facts.outputs.push(valueFacts(reader, field))
  }
}

function skimNode(name: string, reader: ProtobufReader, node: Field, facts: Collected, depth: number): void {
  if (facts.nodes.length >= MOST_NODES) throw damaged(name, `has more than ${MOST_NODES} nodes`)
  const inputs: string[] = []
  const outputs: string[] = []
  const integers = new Map<string, number>()
  let operator = ''
  for (const field of inside(reader, node)) {
    if (field.number === 1) inputs.push(reader.text(field))
    else if (field.number === 2) outputs.push(reader.text(field))
    else if (field.number === 4) operator = reader.text(field)
    else if (field.number === 5) skimAttribute(name, reader, field, facts, depth, integers)
  }
  // A graph inside of another has names of its own; only what it computes with counts.
  facts.nodes.push({ operator, inputs, outputs: depth === 0 ? outputs : [], integers })
}

function skimAttribute(
  name: string,
  reader: ProtobufReader,
  attribute: Field,
  facts: Collected,
  depth: number,
  integers: Map<string, number>,
): void {
  let key = ''
  for (const field of inside(reader, attribute)) {
    if (field.number === 1) key = reader.text(field)
    else if (field.number === 3) integers.set(key, field.value)
    else if (field.number === 5 || field.number === 10) skimTensor(reader, field, facts, false)
    else if (field.number === 6 || field.number === 11) skimGraph(name, reader, field, facts, depth + 1)
  }
}

function skimTensor(reader: ProtobufReader, tensor: Field, facts: Collected, isNamed: boolean): void {
  let name = ''
  let type = 0
  let size = 1
  let isExternal = false
  const place = new Map<string, string>()
  for (const field of inside(reader, tensor)) {
    if (field.number === 1) for (const extent of reader.varints(field)) size *= extent
    else if (field.number === 2) type = field.value
    else if (field.number === 8) name = reader.text(field)
    else if (field.number === 13) readEntry(reader, field, place)
    else if (field.number === 14) isExternal = field.value === EXTERNAL
  }
  if (isExternal || place.size > 0) addExternal(place, facts)
  if (!isNamed) return
  facts.initializers.add(name)
  facts.weights.set(type, (facts.weights.get(type) ?? 0) + size)
}

/** StringStringEntryProto */
function readEntry(reader: ProtobufReader, entry: Field, into: Map<string, string>): void {
  let key = ''
  let value = ''
  for (const field of inside(reader, entry)) {
    if (field.number === 1) key = reader.text(field)
    else if (field.number === 2) value = reader.text(field)
  }
  into.set(key, value)
}

function addExternal(place: ReadonlyMap<string, string>, { externalFiles }: Collected): void {
  const file = place.get('location') ?? ''
  const end = Number(place.get('offset') ?? 0) + Number(place.get('length') ?? 0)
  externalFiles.set(file, Math.max(externalFiles.get(file) ?? 0, end))
}

function valueFacts(reader: ProtobufReader, value: Field): ValueFacts {
  let name = ''
  let type = 0
  const shape: (number | string)[] = []
  for (const field of inside(reader, value)) {
    if (field.number === 1) name = reader.text(field)
    if (field.number !== 2) continue
    // TypeProto.tensor_type: element type, and a shape of dimensions.
    for (const kind of inside(reader, field)) {
      if (kind.number !== 1) continue
      for (const part of inside(reader, kind)) {
        if (part.number === 1) type = part.value
        else if (part.number === 2) {
          for (const dimension of inside(reader, part)) shape.push(extentOf(reader, dimension))
        }
      }
    }
  }
  return { name, type, shape }
}

function extentOf(reader: ProtobufReader, dimension: Field): number | string {
  for (const field of inside(reader, dimension)) {
    if (field.number === 1) return field.value
    if (field.number === 2) return reader.text(field)
  }
  return ''
}
