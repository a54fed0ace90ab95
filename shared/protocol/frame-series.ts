import { type Metrics, readTotal } from '../process/metrics/create-metrics.ts'
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
  // Plain numbers while frames go by: looking a label set up costs more than a small frame's parsing.
  const counts = { in: new Map<string, Count>(), out: new Map<string, Count>() }
  metrics.onScrape(() => {
    for (const direction of ['in', 'out'] as const) {
      for (const [type, count] of counts[direction]) {
        readTotal(frames, { direction, type }, count.frames)
        readTotal(bytes, { direction, type }, count.bytes)
      }
    }
  })
  return (direction, type, size) => {
    const known = counts[direction].get(type)
    if (known === undefined) counts[direction].set(type, { frames: 1, bytes: size })
    else {
      known.frames++
      known.bytes += size
    }
  }
}

interface Count {
  frames: number
  bytes: number
}
