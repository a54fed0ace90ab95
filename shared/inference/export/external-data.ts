import type { Store } from './onnx-parts.ts'

/** The ONNX specification asks for this where a file is mapped into memory. */
const PAGE = 4096
/** Smaller tensors stay in the graph, as the exporters of others leave them. */
const SMALLEST = 1024

/** Collects tensors in one file beside the model, each at the start of a page. */
export function collectExternalData(location: string): { store: Store; finish(): Uint8Array } {
  const parts: { offset: number; bytes: Uint8Array }[] = []
  let end = 0
  return {
    store(bytes) {
      if (bytes.length < SMALLEST) return bytes
      const offset = Math.ceil(end / PAGE) * PAGE
      parts.push({ offset, bytes })
      end = offset + bytes.length
      return { location, offset, length: bytes.length }
    },
    finish() {
      const file = new Uint8Array(end)
      for (const { offset, bytes } of parts) file.set(bytes, offset)
      return file
    },
  }
}
