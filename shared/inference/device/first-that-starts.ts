import { describeError } from '../../process/errors.ts'
import type { Device } from '../engine.ts'
import type { Provider } from '../onnx/execution-class.ts'

/**
 * Starts something on the device that was found, and, where any would do (`auto`), on the CPU if that fails: a device that
 * passes the self-test may still be wrong, too small or too fragile for a given model. Rejects with the last failure.
 */
export async function firstThatStarts<T>(
  choice: Device,
  found: Provider,
  start: (device: Provider) => Promise<T>,
  log: (message: string, context: Readonly<Record<string, unknown>>) => void,
): Promise<T> {
  if (choice !== 'auto' || found === 'cpu') return start(found)
  try {
    return await start(found)
  } catch (error) {
    log('device excluded', { device: found, reason: describeError(error) })
    return start('cpu')
  }
}
