import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A free port that can be listened on again later: below those that the system gives to outgoing connections (32768 and up on Linux),
 * one of which may take a port of theirs as soon as it is let go.
 */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    const server = createServer()
    try {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
      return port
    } catch {
      // Somebody has it: another one will do.
    } finally {
      server.close()
    }
  }
}
