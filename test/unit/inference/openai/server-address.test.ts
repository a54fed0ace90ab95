import { expect, test } from 'vitest'
import { readKey, serverUrl } from '../../../../shared/inference/openai/server-address.ts'

test.each([
  ['http://127.0.0.1:8000', 'http://127.0.0.1:8000'],
  ['http://127.0.0.1:8000/', 'http://127.0.0.1:8000'],
  ['https://host/v1/', 'https://host'],
  ['https://host/proxy/v1', 'https://host/proxy'],
  ['https://host/v1beta?x=1#y', 'https://host/v1beta'],
])('%s is the server %s', (given, url) => {
  expect(serverUrl(given)).toBe(url)
})

test.each(['127.0.0.1:8000', 'localhost', 'file:///etc/passwd', 'https://me:secret@host'])(
  'refuses %s',
  (url) => {
    expect(() => serverUrl(url)).toThrow(expect.objectContaining({ code: 'BACKEND_URL_INVALID' }))
    expect(() => serverUrl(url)).not.toThrow(/secret/)
  },
)

test('a key is read by the name of its variable, and never repeated', () => {
  expect(readKey(undefined, {})).toBeUndefined()
  expect(readKey('KEY', { KEY: 'abc' })).toEqual({ env: 'KEY', value: 'abc' })
  for (const variables of [{}, { KEY: '' }, { KEY: 'two words' }, { KEY: 'line\nbreak' }])
    expect(() => readKey('KEY', variables)).toThrow(expect.objectContaining({ code: 'BACKEND_KEY_MISSING' }))
  expect(() => readKey('KEY', { KEY: 'two words' })).not.toThrow(/two words/)
})
