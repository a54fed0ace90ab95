import { join } from 'node:path'
import { writeFiles } from '../../../../shared/inference/export/files.ts'
import { genaiGraph } from '../../../../shared/inference/export/genai-graph.ts'
import { huggingFaceFiles } from '../../../../shared/inference/export/hugging-face.ts'
import { INSIDE } from '../../../../shared/inference/export/onnx-parts.ts'
import type { LoadedModel } from '../../../../shared/inference/model/folder.ts'
import { installPeer } from './install.ts'
import type { OpenDriver } from './open-peer.ts'

const MODEL_FILE = 'onnx/model.onnx'

/**
 * transformers.js on our weights. It has no continuous batching: requests that come on their own are calls one after the
 * other, and a padded batch is for those that somebody collected first. It gets both graphs, Optimum's and the one with fused
 * attention, as either may be the faster.
 */
export const openTransformersJs: OpenDriver = async (model, scratch, start) => {
  const install = await installPeer({ name: '@huggingface/transformers', version: '4.3.1' })
  const joined = huggingFaceFiles(model, 'fp32')
  await writeFiles(join(scratch, 'joined'), joined)
  await writeFiles(
    join(scratch, 'fused'),
    joined.map((file) => (file.path === MODEL_FILE ? { ...file, bytes: fusedGraph(model) } : file)),
  )
  return start('transformersjs-driver.mjs', {
    params: { install, models: { joined: join(scratch, 'joined'), fused: join(scratch, 'fused') } },
    ways: {
      modes: {
        b1: ['joined.calls', 'fused.calls'],
        c16: ['joined.calls', 'fused.calls'],
        batch16: ['joined.batch', 'fused.batch'],
      },
      greedy: 'joined.calls',
    },
  })
}

function fusedGraph({ manifest, weights }: LoadedModel): Uint8Array {
  return genaiGraph(manifest.architecture, weights, 'fp32', INSIDE)
}
