import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type StatusServer, serveStatus } from '../../../shared/process/status/serve-status.ts'
import { validatorPoints, validatorView } from '../../../validator/watch/view.ts'
import { findChromium } from '../../support/chromium.ts'
import { EVIL, fullStatus, seenRounds } from '../../support/status/full-validator.ts'

const executablePath = findChromium()
const why = executablePath === undefined ? ' (skipped: no Chromium here; set CHROMIUM to one)' : ''

describe.skipIf(executablePath === undefined)(`the status page in a browser${why}`, () => {
  const status = fullStatus(40)
  let browser: Browser
  let server: StatusServer

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] })
    server = await serveStatus({
      ...{ ip: '127.0.0.1', port: 0, hosts: [], reasons: () => status.reasons },
      metrics: async () => ({ contentType: 'text/plain', text: '' }),
      status: () => status,
      first: () => [
        { name: 'view', data: validatorView(status, seenRounds(20)) },
        {
          name: 'history',
          data: {
            weights: [
              [1_000, 1_005],
              [70, 75],
              [772, 772],
            ],
          },
        },
      ],
    })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  async function open(options: Parameters<Browser['newPage']>[0] = {}) {
    const page = await browser.newPage(options)
    onTestFinished(() => page.close())
    const seen: { requests: string[]; problems: string[] } = { requests: [], problems: [] }
    page.on('request', (request) => seen.requests.push(request.url()))
    page.on('console', (message) => {
      if (message.type() === 'error') seen.problems.push(message.text())
    })
    page.on('pageerror', (error) => seen.problems.push(error.message))
    await page.goto(server.url)
    await page.locator('#tables td').first().waitFor()
    return { page, seen }
  }
  const colorOf = (page: Page) =>
    page.evaluate('getComputedStyle(document.body).backgroundColor') as Promise<string>

  it('draws what it is told, asks nobody else, and breaks no rule of its policy', async () => {
    const { page, seen } = await open()
    expect(await page.title()).toBe('✗ Starling validator')
    expect(await page.locator('#state').textContent()).toBe('not ready')
    expect(await page.locator('#tables tr').count()).toBe(41)
    // Four charts of rounds and scores, and the one whose history came.
    await page.locator('canvas').nth(4).waitFor()
    expect(await page.locator('canvas').count()).toBe(5)
    expect(await page.locator('.none:visible').count()).toBe(3)
    expect(seen.problems).toEqual([])
    const { origin } = new URL(server.url)
    expect(seen.requests.filter((url) => !url.startsWith(origin) && !url.startsWith('data:'))).toEqual([])
  })

  it('takes no stranger’s words for markup', async () => {
    const { page } = await open()
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.locator('#reasons').textContent()).toContain(EVIL)
    expect(await page.locator('#tables td').last().textContent()).toBe(EVIL)
  })

  it('goes on as events come', async () => {
    const { page } = await open()
    const ready = { ...status, ready: true, reasons: [], sessions: 17 }
    server.send({ name: 'view', data: validatorView(ready, seenRounds(21)) })
    await page.locator('#state', { hasText: /^ready$/ }).waitFor()
    await page.locator('.figure .value', { hasText: /^17$/ }).waitFor()
    const points = Object.entries(validatorPoints(ready)).map(([id, values]) => [id, [1_010, ...values]])
    server.send({ name: 'point', data: Object.fromEntries(points) })
    await page.locator('canvas').nth(7).waitFor()
    expect(await page.locator('.none:visible').count()).toBe(0)
  })

  it('fits a phone, and follows the reader’s light or dark', async () => {
    const { page } = await open({ viewport: { width: 390, height: 800 }, colorScheme: 'dark' })
    const light = await open({ colorScheme: 'light' })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    expect(await colorOf(page)).not.toBe(await colorOf(light.page))
  })
})
