import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../shared/process/clock.ts'
import type { DemoFacts } from '../../demo/facts.ts'
import { runDemo } from '../../demo/run-demo.ts'
import { DEMO, type Scenario } from '../../demo/scenario.ts'
import type { Report } from '../suite.ts'

/** The demo's field of honest, weak and cheating miners, under two validators with stakes 2 : 1 and three rounds an epoch. */
export const TRUST_GAME: Scenario = {
  ...DEMO,
  validators: [
    { name: 'validator-1', stake: 2_000n },
    { name: 'validator-2', stake: 1_000n },
  ],
  tempo: 30,
  round: { ...DEMO.round, roundBlocks: 10 },
  paidEpochs: 5,
}

const DEADLINE_SECONDS = 420

/**
 * Runs real validators and miners on a devnet. Each validator asks questions of its own: prompts follow from its secret.
 * @throws StarlingError DEMO_TIMEOUT and whatever stops the processes
 */
export async function playTrust(seed: number, report: Report): Promise<DemoFacts> {
  const folder = mkdtempSync(join(tmpdir(), 'starling-trust-'))
  const started = systemClock.monotonic()
  const timer = setInterval(() => {
    report(
      'seconds of five epochs',
      Math.round((systemClock.monotonic() - started) / 1_000),
      DEADLINE_SECONDS,
    )
  }, 1_000)
  try {
    const { facts } = await runDemo({
      scenario: TRUST_GAME,
      folder,
      seed,
      deadlineSeconds: DEADLINE_SECONDS,
      clock: systemClock,
      screen: { say() {}, table() {} },
      signal: new AbortController().signal,
    })
    return facts
  } finally {
    clearInterval(timer)
    rmSync(folder, { recursive: true, force: true })
  }
}
