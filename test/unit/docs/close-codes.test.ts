import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { CLOSE } from '../../../shared/protocol/close-codes.ts'
import { SESSION_LIMITS } from '../../../shared/protocol/limits.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/protocol.md'), 'utf8')

it('docs/protocol.md lists every close code, in the order of the code', () => {
  const rows = [...page.matchAll(/^\| (\d{4}) \| `([A-Z_]+)` \|/gm)]
  expect(rows.map(([, code, reason]) => ({ code: Number(code), reason }))).toStrictEqual(Object.values(CLOSE))
})

it('docs/protocol.md has the numbers of the limits that it names', () => {
  const { upgradesPerMinute, controlFramesPerMinute, connectionsPerHotkey, connections } = SESSION_LIMITS
  expect(page).toContain(`attempts of this address: ${upgradesPerMinute} a minute`)
  expect(page).toContain(`more than ${controlFramesPerMinute} pings and pongs a minute`)
  expect(page).toContain(`room: ${connectionsPerHotkey} connections of a hotkey, ${connections} in all`)
})
