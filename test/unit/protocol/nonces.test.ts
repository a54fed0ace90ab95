import { appendFileSync, mkdtempSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { openNonceFile } from '../../../shared/protocol/nonce-file.ts'
import { createNonceStore } from '../../../shared/protocol/nonce-store.ts'

const alice = signerFromUri('//Alice').address
const bob = signerFromUri('//Bob').address
const OPTIONS = { capacity: 3, lifetimeMs: 12_000 }

describe('the nonce store', () => {
  const store = () => createNonceStore(OPTIONS)

  it('takes a pair of hotkey and nonce once, for as long as it is fresh', () => {
    const nonces = store()
    expect(nonces.accept('a', '1', 0)).toBe('fresh')
    expect(nonces.accept('a', '1', 0)).toBe('replayed')
    expect(nonces.accept('b', '1', 0)).toBe('fresh')
    expect(nonces.accept('a', '1', 12_000)).toBe('replayed')
  })

  it('takes nonces that overtook each other', () => {
    const nonces = store()
    expect(nonces.accept('a', '2', 0)).toBe('fresh')
    expect(nonces.accept('a', '1', 0)).toBe('fresh')
  })

  it('turns new ones away when full, and never forgets a fresh one for them', () => {
    const nonces = store()
    for (const nonce of ['1', '2', '3']) expect(nonces.accept('a', nonce, 0)).toBe('fresh')
    expect(nonces.accept('a', '4', 12_000)).toBe('full')
    expect(nonces.accept('a', '1', 12_000)).toBe('replayed')
    expect(nonces.accept('a', '4', 12_001)).toBe('fresh')
  })

  it('keeps what it forgot used, should the clock be set back', () => {
    const nonces = store()
    expect(nonces.accept('a', '2', 0)).toBe('fresh')
    // An hour ahead, by mistake: everything is forgotten.
    expect(nonces.accept('b', '9', 3_600_000)).toBe('fresh')
    expect(nonces.accept('a', '2', 1)).toBe('replayed')
    expect(nonces.accept('a', '1', 1)).toBe('replayed')
    expect(nonces.accept('a', '3', 1)).toBe('fresh')
    // Only the hotkey's own nonces count.
    expect(nonces.accept('c', '1', 1)).toBe('fresh')
  })
})

describe('the nonce file', () => {
  function file(capacity = 100) {
    const path = join(mkdtempSync(join(tmpdir(), 'starling-nonces-')), 'of', 'axon', 'nonces')
    const open = () => {
      const nonces = openNonceFile({ path, lifetimeMs: 12_000, capacity })
      onTestFinished(() => {
        try {
          nonces.close()
        } catch {
          // Closed by the test.
        }
      })
      return nonces
    }
    return { path, open }
  }

  it('knows after a restart what was accepted before, whatever the clock says', () => {
    const { open } = file()
    const before = open()
    for (const nonce of ['30', '10', '20']) expect(before.accept(alice, nonce, 100)).toBe('fresh')
    // Nothing is said to the file when the process is killed.
    for (const now of [100, 0, 1e12]) {
      const after = open()
      for (const nonce of ['10', '20', '30', '15']) expect(after.accept(alice, nonce, now)).toBe('replayed')
      after.close()
    }
    expect(open().accept(alice, '31', 0)).toBe('fresh')
    expect(open().accept(bob, '5', 0)).toBe('fresh')
  })

  it('has each nonce on the disk before it is taken', () => {
    const { path, open } = file()
    open().accept(alice, '7', 0)
    expect(readFileSync(path, 'utf8')).toBe(`${alice} 7\n`)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('leaves out a last line that was cut short', () => {
    const { path, open } = file()
    const before = open()
    before.accept(alice, '71', 0)
    before.accept(alice, '72', 0)
    truncateSync(path, statSync(path).size - 2)
    const after = open()
    expect(after.accept(alice, '71', 0)).toBe('replayed')
    expect(after.accept(alice, '72', 0)).toBe('fresh')
  })

  it('takes nothing that it cannot write down', () => {
    const { path, open } = file()
    const nonces = open()
    nonces.close()
    const failed = expect.objectContaining({ code: 'NONCES_UNWRITABLE' })
    expect(() => nonces.accept(alice, '5', 0)).toThrow(failed)
    // Not the second time either.
    expect(nonces.accept(alice, '5', 0)).toBe('replayed')
    expect(readFileSync(path, 'utf8')).toBe('')
  })

  it('refuses a file that is none', () => {
    const { path, open } = file()
    open().close()
    appendFileSync(path, `${alice} 1\nhello\n${bob} 2\n`)
    expect(open).toThrow(/^line 2 of .* is not a hotkey/)
  })

  it('stays small', () => {
    const { path, open } = file(100_000)
    open().close()
    const line = (nonce: number) => `${alice} ${nonce}\n`
    writeFileSync(path, Array.from({ length: 20_000 }, (_, nonce) => line(nonce)).join(''))
    const nonces = open()
    expect(readFileSync(path, 'utf8')).toBe(line(19_999))
    nonces.accept(alice, '20000', 0)
    expect(readFileSync(path, 'utf8')).toBe(line(19_999) + line(20_000))
  })
})
