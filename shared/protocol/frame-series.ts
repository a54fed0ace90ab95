import type { Metrics } from '../process/metrics/create-metrics.ts'
import type { OnFrame } from './axon.ts'
import { REPLY_TYPE } from './messages.ts'

/** Frames by direction and type: what a program spends its network on. @returns what is to be told of every frame */
export function frameSeries(metrics: Metrics): OnFrame {
  const types = [...new Set([...Object.keys(REPLY_TYPE), ...Object.values(REPLY_TYPE), 'offer', 'refusal'])]
  const labels = { direction: 'in, out', type: types.join(', ') }
  const frames = metrics.counter({
    name: 'starling_protocol_frames_total',
    help: 'Frames between miners and validators',
    labels,
  })
  const bytes = metrics.counter({
    name: 'starling_protocol_frame_bytes_total',
    help: 'Bytes of those frames before they are sealed',
    labels,
  })
  return (direction, type, size) => {
    frames.inc({ direction, type })
    bytes.inc({ direction, type }, size)
  }
}
