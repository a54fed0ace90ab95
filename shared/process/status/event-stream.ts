import type { ServerResponse } from 'node:http'

/** One event of a stream: its name, and what is sent as JSON. */
export interface StatusEvent {
  readonly name: 'history' | 'point' | 'view'
  readonly data: unknown
}

/** The pages that listen. */
export interface EventStream {
  /** Takes over a response, and sends it what a page must know first; false where there are too many already. */
  add(response: ServerResponse, first: readonly StatusEvent[]): boolean
  send(event: StatusEvent): void
  readonly listeners: number
  close(): void
}

/** A handful of open pages of one operator. */
const MOST_LISTENERS = 8
/** What may wait for a page that does not read. */
const BUFFERED_BYTES = 2 ** 20

export function createEventStream(): EventStream {
  const responses = new Set<ServerResponse>()
  const write = (response: ServerResponse, text: string) => {
    if (response.writableLength > BUFFERED_BYTES) response.destroy()
    else response.write(text)
  }
  return {
    add(response, first) {
      if (responses.size >= MOST_LISTENERS) return false
      responses.add(response)
      response.on('close', () => responses.delete(response))
      response.writeHead(200, { 'Content-Type': 'text/event-stream', Connection: 'close' })
      write(response, `retry: 2000\n\n${first.map(encode).join('')}`)
      return true
    },
    send(event) {
      if (responses.size === 0) return
      const text = encode(event)
      for (const response of responses) write(response, text)
    },
    get listeners() {
      return responses.size
    },
    close() {
      for (const response of responses) response.destroy()
    },
  }
}

/** JSON holds no line break, so one line is the whole event. */
function encode({ name, data }: StatusEvent): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
