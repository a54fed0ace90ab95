import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listenSettings } from '../../../shared/process/listen-settings.ts'
import { readTlsFiles } from '../../../shared/process/tls-files.ts'

const flags = { 'axon.ip': '127.0.0.1', 'axon.port': 1, 'axon.external_tls': false }

describe('certificate and key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'starling-tls-'))
  const path = join(folder, 'a.pem')
  writeFileSync(path, 'PEM')

  it('are read where both are named, and absent where neither is', () => {
    const both = { 'axon.tls.cert': path, 'axon.tls.key': path }
    expect(readTlsFiles(both)).toEqual({ cert: Buffer.from('PEM'), key: Buffer.from('PEM') })
    expect(readTlsFiles({})).toBeUndefined()
  })

  it.each([
    [{ 'axon.tls.cert': path }, '--axon.tls.cert is given without --axon.tls.key'],
    [{ 'axon.tls.key': path }, '--axon.tls.key is given without --axon.tls.cert'],
    [
      { 'axon.tls.cert': path, 'axon.tls.key': join(folder, 'none') },
      /^--axon.tls.key .*none can’t be read: ENOENT$/,
    ],
    [{ 'axon.tls.cert': folder, 'axon.tls.key': path }, /EISDIR$/],
  ])('are refused by name: %j', (given, message) => {
    const what = expect.objectContaining({
      code: 'TLS_FILES',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    })
    expect(() => readTlsFiles(given)).toThrow(what)
  })
})

it('what others dial is said only where it differs', () => {
  expect(listenSettings(flags, 'n')).toEqual({
    ip: '127.0.0.1',
    port: 1,
    externalTls: false,
    noncesPath: 'n',
  })
  const external = { 'axon.external_ip': '198.51.100.7', 'axon.external_port': 9 }
  expect(listenSettings({ ...flags, ...external }, 'n')).toMatchObject({
    externalIp: '198.51.100.7',
    externalPort: 9,
  })
})
