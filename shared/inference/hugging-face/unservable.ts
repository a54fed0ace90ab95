import { StarlingError } from '../../process/errors.ts'

/** A folder that can't be served, and why; `why` goes on from the folder's name. */
export function unservable(folder: string, why: string, remedy?: string): StarlingError {
  return new StarlingError(
    'MODEL_UNSERVABLE',
    `${folder} ${why}`,
    remedy ??
      "give a decoder-only text model with a key-value cache, as Optimum (text-generation-with-past) or onnxruntime-genai's builder export it",
  )
}
