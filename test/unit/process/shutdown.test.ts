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
    const running = withShutdown(
      async (shutdown) => {
        shutdown.onClose(() => new Promise(() => {}))
        shutdown.stop()
      },
      { closeMs: 10 },
    )
    await expect(running).rejects.toMatchObject({ code: 'SHUTDOWN_TIMEOUT' })
  })

  it('lets what is under way finish after a signal, all at once, before it closes', async () => {
    const order: string[] = []
    let finish = () => {}
    const first = new Promise<void>((resolve) => {
      finish = resolve
    })
    await withShutdown(
      async (shutdown) => {
        shutdown.onClose(() => order.push('closed'))
        shutdown.onDrain(async () => {
          await first
          order.push('drained')
        })
        // Would wait for ever if drains ran one after another.
        shutdown.onDrain(async () => finish())
        process.emit('SIGTERM')
      },
      { drainMs: 60_000 },
    )
    expect(order).toEqual(['drained', 'closed'])
  })

  it('tells a drain when its time is over, and leaves one behind that does not listen', async () => {
    let told = false
    let isClosed = false
    await withShutdown(
      async (shutdown) => {
        shutdown.onClose(() => {
          isClosed = true
        })
        shutdown.onDrain(async (signal) => {
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
          told = true
        })
        shutdown.onDrain(() => new Promise(() => {}))
        process.emit('SIGINT')
      },
      { drainMs: 5 },
    )
    expect({ told, isClosed }).toEqual({ told: true, isClosed: true })
  })

  it('closes everything although a drain fails, and passes its error on', async () => {
    let isClosed = false
    const running = withShutdown(async (shutdown) => {
      shutdown.onClose(() => {
        isClosed = true
      })
      shutdown.onDrain(() => Promise.reject(new Error('draining failed')))
      process.emit('SIGTERM')
    })
    await expect(running).rejects.toThrow('draining failed')
    expect(isClosed).toBe(true)
  })

  it('drains nothing when the program stops itself, or has not started yet', async () => {
    const drained: string[] = []
    await withShutdown(async (shutdown) => {
      shutdown.onDrain(async () => void drained.push('from within'))
      shutdown.stop()
    })
    const failed = withShutdown(async (shutdown) => {
      shutdown.onDrain(async () => void drained.push('while it starts'))
      process.emit('SIGTERM')
      throw new Error('no chain')
    })
    await expect(failed).rejects.toThrow('no chain')
    expect(drained).toEqual([])
  })
})
