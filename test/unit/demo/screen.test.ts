import { describe, expect, it } from 'vitest'
import { createScreen } from '../../../scripts/demo/screen.ts'

function screenOn(isTTY: boolean) {
  const written: string[] = []
  return { written, screen: createScreen({ write: (text) => written.push(text), isTTY }) }
}

describe('createScreen', () => {
  it('redraws the table in place on a terminal, below the lines that stay', () => {
    const { written, screen } = screenOn(true)
    screen.table('one\ntwo')
    screen.table('three')
    screen.say('epoch paid')
    screen.table('last', true)
    screen.say('report')
    expect(written).toEqual([
      'one\ntwo\n',
      '\x1b[2A\x1b[J',
      'three\n',
      '\x1b[1A\x1b[J',
      'epoch paid\n',
      'last\n',
      'report\n',
    ])
  })

  it('prints only what stays on a pipe', () => {
    const { written, screen } = screenOn(false)
    screen.table('one')
    screen.say('epoch paid')
    screen.table('last', true)
    expect(written).toEqual(['epoch paid\n', 'last\n'])
  })
})
