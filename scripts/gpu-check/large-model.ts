import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Architecture,
  type Parameter,
  parameters,
  sizeOf,
} from '../../shared/inference/model/architecture.ts'
import {
  bytesOf,
  deviceGraph,
  elementType,
  type Precision,
} from '../../shared/inference/model/device-graph.ts'
import { toFloat16 } from '../../shared/inference/model/float16.ts'
import { rotaryTables } from '../../shared/inference/model/rotary.ts'
import { OnnxGraph } from '../../shared/inference/onnx/graph.ts'
import { gaussian, seededRandom } from '../../shared/inference/random.ts'

const WEIGHTS_FILE = 'weights.bin'
const MODEL_FILE = 'model.onnx'

/** Pages of common systems, so that a runtime may map the file. */
const ALIGNMENT = 4096

/** Random values are drawn once for so many places and then repeat: speed does not depend on them. */
const BLOCK = 2 ** 20

/**
 * Writes a randomly initialised model: the device graph, and its weights in a file of their own, as a protobuf can't
 * exceed 2 GB. Returns the path of the ONNX file.
 */
export async function writeLargeModel(
  folder: string,
  architecture: Architecture,
  precision: Precision,
  seed: number,
): Promise<string> {
  const { vocabularySize, width, contextLength } = architecture
  const graph = new OnnxGraph()
  const logitsMatrix: Parameter = { name: 'logitsMatrix', shape: [width, vocabularySize] }
  const type = elementType(precision)
  const random = seededRandom(seed)
  // Normal values of GPT-2's deviation.
  const noise = encode(
    precision,
    Float32Array.from({ length: BLOCK }, () => 0.02 * gaussian(random)),
  )
  const ones = encode(precision, new Float32Array(width).fill(1))
  const file = await open(join(folder, WEIGHTS_FILE), 'w')
  try {
    let offset = 0
    for (const { name, shape } of [...parameters(architecture), logitsMatrix]) {
      const length = bytesOf(precision) * sizeOf({ name, shape })
      graph.tensor(name, type, shape, { location: WEIGHTS_FILE, offset, length })
      const source = name.endsWith('Norm') ? ones : noise
      for (let done = 0; done < length; done += source.length)
        await file.write(source, 0, Math.min(source.length, length - done), offset + done)
      offset = Math.ceil((offset + length) / ALIGNMENT) * ALIGNMENT
    }
  } finally {
    await file.close()
  }
  const { cos, sin } = rotaryTables(architecture, contextLength)
  for (const [name, table] of Object.entries({ cos, sin })) {
    graph.tensor(name, type, [contextLength, table.length / contextLength], encode(precision, table))
  }
  const path = join(folder, MODEL_FILE)
  await writeFile(path, deviceGraph(graph, architecture, precision))
  return path
}

/** The values as the file and the graph hold them, little-endian as every machine is that this runs on. */
function encode(precision: Precision, values: Float32Array): Uint8Array {
  const encoded = precision === 'fp32' ? values : Uint16Array.from(values, toFloat16)
  return new Uint8Array(encoded.buffer)
}
