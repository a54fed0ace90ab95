import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { connect, createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../shared/process/clock.ts'
import type { Reason } from '../../../shared/process/health/reason.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import { createMetrics } from '../../../shared/process/metrics/create-metrics.ts'
import {
  type StatusOptions,
  type StatusServer,
  serveStatus,
} from '../../../shared/process/status/serve-status.ts'
import { STATUS_PORTS } from '../../../shared/process/status/settings.ts'
import { startStatus } from '../../../shared/process/status/start-status.ts'

async function serving(options: Partial<StatusOptions> = {}): Promise<StatusServer> {
  const server = await serveStatus({
    ...{ ip: '127.0.0.1', port: 0, hosts: ['watch.example'], reasons: () => [] },
    metrics: async () => ({ contentType: 'text/plain', text: 'a 1\n' }),
    status: () => ({ hotkey: 'h' }),
    first: () => [{ name: 'view', data: { title: 'first' } }],
    ...options,
  })
  onTestFinished(() => server.close())
  return server
}

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

async function ask(
  { port }: Pick<StatusServer, 'port'>,
  path: string,
  { method = 'GET', host }: { method?: string; host?: string } = {},
): Promise<Answer> {
  const asked = request({
    ...{ host: '127.0.0.1', port, path, method },
    headers: host === undefined ? {} : { Host: host },
  })
  asked.end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  let body = ''
  for await (const chunk of response.setEncoding('utf8')) body += chunk
  return { status: response.statusCode!, headers: response.headers, body }
}

describe('the status server', () => {
  it('answers health, metrics and status', async () => {
    const server = await serving()
    expect(await ask(server, '/healthz')).toMatchObject({ status: 200, body: 'alive\n' })
    expect(await ask(server, '/readyz?verbose')).toMatchObject({ status: 200, body: 'ready\n' })
    expect(await ask(server, '/metrics')).toMatchObject({ status: 200, body: 'a 1\n' })
    expect(JSON.parse((await ask(server, '/status.json')).body)).toEqual({ hotkey: 'h' })
    expect((await ask(server, '/etc/passwd')).status).toBe(404)
  })

  it('is not ready with one line for each reason', async () => {
    let reasons: Reason[] = [
      { code: 'HEAD_OLD', message: 'no block' },
      { code: 'STATE_UNSAVED', message: 'full' },
    ]
    const server = await serving({ reasons: () => reasons })
    const red = await ask(server, '/readyz')
    expect(red).toMatchObject({ status: 503, body: 'HEAD_OLD: no block\nSTATE_UNSAVED: full\n' })
    expect((await ask(server, '/healthz')).status).toBe(200)
    reasons = []
    expect((await ask(server, '/readyz')).status).toBe(200)
  })

  it.each(['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])('refuses %s', async (method) => {
    expect((await ask(await serving(), '/status.json', { method })).status).toBe(405)
  })

  it.each([
    ['127.0.0.1:9100', 200],
    ['localhost', 200],
    ['[::1]:9100', 200],
    ['WATCH.example:80', 200],
    ['attacker.example', 421],
    ['localhost.attacker.example', 421],
    ['127.0.0.1.attacker.example', 421],
    ['localhost@attacker.example', 421],
    ['[not an address]', 421],
  ])('asked as “%s”, answers %d', async (host, status) => {
    const answer = await ask(await serving(), '/status.json', { host })
    expect(answer.status).toBe(status)
    if (status !== 200) expect(answer.body).not.toContain('hotkey')
  })

  it('lets no page elsewhere read, frame or guess what it says', async () => {
    const { headers } = await ask(await serving(), '/status.json')
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })

  it('gives the page a policy under which only its own bytes run', async () => {
    const { headers, body } = await ask(await serving(), '/')
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain(`default-src 'none'`)
    expect(policy).not.toContain('unsafe')
    const inline = [...body.matchAll(/<(?:script|style)[^>]*>([\s\S]*?)<\/(?:script|style)>/g)]
    expect(inline).toHaveLength(3)
    for (const [, text] of inline) {
      expect(policy).toContain(createHash('sha256').update(text!).digest('base64'))
    }
    expect(body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
  })

  it('streams what happens, after what a page must know first', async () => {
    const server = await serving()
    const asked = request({ host: '127.0.0.1', port: server.port, path: '/events' }).end()
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    let text = ''
    for await (const chunk of response.setEncoding('utf8')) {
      text += chunk
      if (text.includes('first') && !text.includes('event: point'))
        server.send({ name: 'point', data: { line: 'a\n\nevent: evil' } })
      if (text.includes('evil')) break
    }
    const events = text.split('\n\n').filter((event) => event.startsWith('event: '))
    expect(events).toEqual([
      'event: view\ndata: {"title":"first"}',
      'event: point\ndata: {"line":"a\\n\\nevent: evil"}',
    ])
  })

  it('takes a handful of listeners and no more', async () => {
    const server = await serving()
    for (let i = 0; i < 8; i++) {
      const asked = request({ host: '127.0.0.1', port: server.port, path: '/events', agent: false }).end()
      await once(asked, 'response')
    }
    expect(server.listeners()).toBe(8)
    expect((await ask(server, '/events')).status).toBe(503)
  })

  it('hangs up on a head that is too long', async () => {
    const server = await serving()
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)
    let text = ''
    for await (const chunk of socket.setEncoding('utf8')) text += chunk
    expect(text).not.toContain('200 OK')
  })
})

describe('a program’s status', () => {
  const watched = () => ({
    metrics: createMetrics(),
    reasons: () => [],
    status: () => ({}),
    view: () => ({ title: '', subtitle: '', reasons: [], figures: [], charts: [], tables: [] }),
    points: () => ({ a: [1] }),
    look: async () => {},
    headAgeSeconds: () => 0,
  })
  const parts = {
    program: 'miner',
    watched: watched(),
    onStuck: () => {},
    exit: () => {},
    clock: systemClock,
    log: silentLog(),
  } as const
  const flags = { status: true, 'status.ip': '127.0.0.1', 'status.hosts': [], 'watchdog.minutes': 0 }

  async function taken(port: number): Promise<number> {
    const server = createServer().listen(port, '127.0.0.1')
    onTestFinished(() => {
      server.close()
    })
    await once(server, 'listening').catch(() => {})
    return (server.address() as { port: number } | null)?.port ?? port
  }

  it('is served on a free port where the usual one is taken', async () => {
    const usual = STATUS_PORTS.miner
    await taken(usual)
    const status = await startStatus({ ...parts, flags: { ...flags, 'status.port': usual } })
    onTestFinished(() => status.close())
    expect(status.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    expect(status.url).not.toContain(`:${usual}/`)
  })

  it('is refused where a port that was asked for is taken', async () => {
    const port = await taken(0)
    await expect(startStatus({ ...parts, flags: { ...flags, 'status.port': port } })).rejects.toMatchObject({
      code: 'STATUS_PORT_TAKEN',
    })
  })

  it('is not served with --no-status', async () => {
    const status = await startStatus({ ...parts, flags: { ...flags, status: false, 'status.port': 0 } })
    expect(status.url).toBeUndefined()
    await status.close()
  })
})
