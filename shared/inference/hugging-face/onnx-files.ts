import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import { damaged } from '../onnx/protobuf-reader.ts'
import { type ModelFacts, skimModel } from '../onnx/skim.ts'
import { unservable } from './unservable.ts'

/** An ONNX file of a folder, and what it says. */
export interface OnnxFile {
  /** Relative to the folder, with slashes. */
  readonly file: string
  /** Files that hold its weights, likewise; empty where it holds them itself. */
  readonly externalFiles: readonly string[]
  readonly facts: ModelFacts
}

/** Where Optimum and the converters of transformers.js put a graph, full precision first. */
const CANDIDATES = [
  'model',
  'model_fp16',
  'model_q4',
  'model_q4f16',
  'model_int8',
  'model_uint8',
  'model_quantized',
].flatMap((name) => [`onnx/${name}.onnx`, `${name}.onnx`])

/** The ONNX file that a folder is served from: the named one, or the first of the usual names. */
export function findOnnxFile(folder: string, named: string | undefined): string {
  if (named !== undefined) {
    inFolder(folder, named, 'the model file')
    return named
  }
  const found = CANDIDATES.find((name) => existsSync(join(folder, name)))
  if (found !== undefined) return found
  const all = ['', 'onnx'].flatMap((room) => onnxNames(join(folder, room)))
  if (all.some((name) => name.startsWith('encoder_model')))
    throw unservable(folder, 'holds an encoder-decoder model (encoder_model.onnx)')
  const merged = all.find((name) => name.includes('merged'))
  if (merged !== undefined)
    throw unservable(
      folder,
      `has a merged decoder (${merged}), two graphs in one`,
      'export it without merging',
    )
  throw unservable(folder, all.length === 0 ? 'has no ONNX file' : `has no model.onnx, but ${all.join(', ')}`)
}

/** Reads the structure of an ONNX file and makes sure that its weights lie in the folder. */
export function readOnnxFile(folder: string, file: string): OnnxFile {
  const facts = skimFile(folder, file)
  const room = dirname(file)
  const externalFiles = [...facts.externalFiles].map(([location, bytes]) => {
    if (location === '') throw unservable(folder, `has a ${file} with weights in a file without a name`)
    const path = join(room, location).replaceAll(sep, '/')
    inFolder(join(folder, room), location, `weights of ${file}`)
    const { size } = statSync(join(folder, path))
    if (size < bytes) throw damaged(join(folder, path), `has ${size} bytes of at least ${bytes}`)
    return path
  })
  return { file, externalFiles, facts }
}

function skimFile(folder: string, file: string): ModelFacts {
  const descriptor = openSync(join(folder, file), 'r')
  try {
    const { size } = fstatSync(descriptor)
    return skimModel({
      name: join(folder, file),
      size,
      read(offset, length) {
        const bytes = new Uint8Array(length)
        return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset))
      },
    })
  } finally {
    closeSync(descriptor)
  }
}

/** Refuses a name that leads out of a folder, by dots or by a link, and one of a file that isn't there. */
function inFolder(folder: string, name: string, what: string): void {
  const leadsOut = (path: string) => path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)
  if (isAbsolute(name) || name.includes('\0') || leadsOut(relative(folder, join(folder, name))))
    throw unservable(folder, `names ${what} outside of the folder: ${JSON.stringify(name)}`)
  if (!existsSync(join(folder, name)))
    throw unservable(folder, `lacks ${name}, which holds ${what}`, 'download it too')
  if (leadsOut(relative(realpathSync(folder), realpathSync(join(folder, name)))))
    throw unservable(
      folder,
      `has ${name} as a link that leads out of the folder`,
      'copy the file itself into it',
    )
}

function onnxNames(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.onnx'))
        .sort()
    : []
}
