import { describe, expect, it } from 'vitest'
import { withShutdown } from '../../../shared/process/shutdown.ts'

describe('shutdown', () => {
  it('closes in the reverse order when the program stops', async () => {
    const closed: string[] = []
    let signal: AbortSignal | undefined
    await withShutdown(async (shutdown) => {
      signal = shutdown.signal
      for (const name of ['first', 'second', 'third']) shutdown.onClose(async () => closed.push(name))
      expect(signal.aborted).toBe(false)
      shutdown.stop()
    })
    expect(closed).toEqual(['third', 'second', 'first'])
    expect(signal?.aborted).toBe(true)
  })

  it('stops at a signal, and leaves no listener behind', async () => {
    const before = process.listenerCount('SIGTERM')
    await withShutdown(async () => {
      process.emit('SIGTERM')
      // The second one must have its default effect.
      expect(process.listenerCount('SIGTERM')).toBe(before)
    })
    expect(process.listenerCount('SIGINT')).toBe(before)
  })

  it('closes what was opened when opening the rest fails, and passes that error on', async () => {
    const closed: string[] = []
    const opening = withShutdown(async (shutdown) => {
      shutdown.onClose(() => closed.push('first'))
      shutdown.onClose(() => {
        throw new Error('closing failed')
      })
      throw new Error('opening failed')
    })
    await expect(opening).rejects.toThrow('opening failed')
    expect(closed).toEqual(['first'])
  })

  it('closes the rest when one closer fails, and passes its error on', async () => {
    const closed: string[] = []
    const running = withShutdown(async (shutdown) => {
      shutdown.onClose(() => closed.push('first'))
      shutdown.onClose(() => Promise.reject(new Error('closing failed')))
      shutdown.stop()
    })
    await expect(running).rejects.toThrow('closing failed')
    expect(closed).toEqual(['first'])
  })

  it('does not wait for ever', async () => {
    const running = withShutdown(async (shutdown) => {
      shutdown.onClose(() => new Promise(() => {}))
      shutdown.stop()
    }, 10)
    await expect(running).rejects.toMatchObject({ code: 'SHUTDOWN_TIMEOUT' })
  })
})
