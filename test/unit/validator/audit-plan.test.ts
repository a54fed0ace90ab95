import { describe, expect, it, vi } from 'vitest'
import { runCli } from '../../../shared/process/cli.ts'
import { type AuditPlan, auditPlanCommand } from '../../../validator/audit-plan.ts'

const given = [
  '--detection',
  '0.98',
  '--answers',
  '8',
  '--reward',
  '1',
  '--cost',
  '0.05',
  '--cheat-cost',
  '0.01',
]

/** Runs the command in this process. */
async function run(...args: string[]): Promise<{ out: string; err: string; code: typeof process.exitCode }> {
  let [out, err] = ['', '']
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text)
    return true
  })
  // The program's last resort against leaked handles would end the tests instead.
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  const command = auditPlanCommand((text) => {
    out += text
  })
  await runCli(command, ['node', 'audit-plan', ...args])
  stderr.mockRestore()
  vi.useRealTimers()
  const code = process.exitCode
  process.exitCode = undefined
  return { out, err, code }
}

describe('audit-plan', () => {
  it('prints each figure with its terms', async () => {
    const { out, err, code } = await run(...given, '--slash', '2', '--colluding', '0.1')
    expect([err, code]).toEqual(['', undefined])
    expect(out).toContain('p·d = 0.03 · 0.98 = 0.0294')
    expect(out).toMatch(/within 112 +1 − \(1 − p·d\)\^112 = 0\.9646\n/)
    expect(out).toContain('14 · (1 − 8 · 0.05) = 8.4')
    expect(out).toContain('the cheat loses ')
    // 0.04 / (0.9·2 + 0.8·0.125) = 0.04 / 1.9.
    expect(out).toContain('0.0294 > 0.02105 holds')
    expect(out).toContain('0.14·(32·0.03 + 1)/(32 + 1) = 0.008315 of generation')
    expect(out).toContain('64 (commit, salt) + 0.05939 · 2 · (4·32 + 7·32) = 105.8 an answer')
  })

  it('says what does not hold', async () => {
    const { out } = await run(...given, '--audit-rate', '0.001')
    expect(out).toContain('the cheat wins ')
    expect(out).toContain('0.00098 > 0.32 fails')
    const blind = await run('--detection', '0', ...given.slice(2), '--colluding', '1')
    expect(blind.out).toContain('to 99 %         never')
    expect(blind.out).toContain('0 > infinity fails')
    expect(blind.out.match(/ none, /g)).toHaveLength(3)
  })

  it('prints JSON with the same figures', async () => {
    const { out } = await run(...given, '--json')
    const plan = JSON.parse(out) as AuditPlan
    expect(plan.detection.perAnswer).toBeCloseTo(0.0294, 12)
    expect(plan.epoch.gain).toBeCloseTo(plan.epoch.cheat - plan.epoch.honest, 12)
    expect(plan.leastAuditRate.anyPlan).toBeCloseTo((1 - 0.68 ** (1 / 8)) / 0.98, 12)
    expect(plan.posp).toMatchObject({ holds: false, colluding: 0 })
    expect(plan.bytes.opening).toBe(704)
  })

  it.each([
    [/USAGE: .*'--detection <d>' argument '1.2' is invalid\. .*0 to 1.*; .+/, 2, ['--detection', '1.2']],
    [/USAGE: .*--cost.*not a number from 0 on.*; .+/, 2, ['--cost', 'much']],
    [/USAGE: .*--answers.*not a whole number from 1 on.*; .+/, 2, ['--answers', '0']],
    [/USAGE: .*--epoch-rounds.*more than 100,000.*; .+/, 2, ['--epoch-rounds', '1000000']],
    [/USAGE: unknown option '--audit'.*; .+/, 2, ['--audit', '1']],
    [/AUDIT_TERMS: a false answer costs 0\.05, an honest one 0\.05; .+/, 1, ['--cheat-cost', '0.05']],
    [/AUDIT_TERMS: 8 honest answers cost 0\.4, the round pays 0\.3; .+/, 1, ['--reward', '0.3']],
  ])('ends on bad flags with one clear line: %s', async (line, code, args) => {
    const found = await run(...given, ...args)
    expect(found.err.trim().split('\n')).toHaveLength(1)
    expect(found.err).toMatch(line)
    expect([found.code, found.out]).toEqual([code, ''])
  })

  it('names what it was not told', async () => {
    const { err, code } = await run('--detection', '1', '--answers', '8', '--cost', '1', '--cheat-cost', '0')
    expect(err).toMatch(/^error USAGE: required option '--reward <money>' not specified; .+\n$/)
    expect(code).toBe(2)
  })
})
