import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type SideProcess, startSide } from '../../../scripts/bench/dispute/side.ts'
import { createHotkey } from '../../../shared/chain/wallet/create-hotkey.ts'
import { formatCase } from '../../../shared/dispute/case-file.ts'
import type { Side } from '../../../shared/dispute/referee.ts'
import { openReferenceEvaluator } from '../../../shared/inference/reference/evaluate.ts'
import { readReferenceModel } from '../../../shared/inference/reference/reference-model.ts'
import { cheatedCase, honestCase } from '../../support/dispute/case.ts'
import { runToEnd } from '../devnet/devnet-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'starling-dispute-'))
const at = (name: string) => join(folder, name)
let sides: Record<Side, SideProcess>

/** A validator that rejected a false answer of nano, and the miner, which runs with a weight moved to defend it. */
beforeAll(async () => {
  const held = await readReferenceModel('models/nano')
  const evaluator = await openReferenceEvaluator()
  writeFileSync(at('case.json'), formatCase(cheatedCase(await honestCase(held, evaluator.evaluate))))
  await evaluator.close()
  await createHotkey({ path: at('wallets'), name: 'referee', hotkey: 'default' })
  const order = { modelFolder: 'models/nano', hash: held.hash, registry: 'models/registry.json' }
  const lie = { parameter: 'layer0.down', index: 3, offset: 0.25 }
  const [challenger, defender] = await Promise.all([
    startSide({ ...order, side: 'challenger', uri: '//Alice' }),
    startSide({ ...order, side: 'defender', uri: '//Bob', lie }),
  ])
  sides = { challenger: challenger!, defender: defender! }
})
afterAll(async () => {
  await Promise.all([sides.challenger.stop(), sides.defender.stop()])
  rmSync(folder, { recursive: true, force: true })
})

const referee = (...args: string[]) => runToEnd(['scripts/starling.mjs', 'referee', ...args])

it('settles a dispute between two processes, and anybody can check the record without them', async () => {
  const heard = await referee(
    ...['hear', at('case.json'), '--out', at('record.json')],
    ...[
      '--challenger',
      `127.0.0.1:${sides.challenger.port}`,
      '--defender',
      `127.0.0.1:${sides.defender.port}`,
    ],
    ...['--wallet.path', at('wallets'), '--wallet.name', 'referee'],
  )
  expect(heard, heard.err).toMatchObject({ code: 0 })
  expect(heard.out).toMatch(
    /^run +lost by the defender: .* comes out at chunk0\/block1\/fed\/tile0, element 3$/m,
  )
  expect(heard.out).toMatch(/^answer +the model did not choose it: token 3 lies/m)

  const checked = await referee('check', at('record.json'))
  expect(checked, checked.err).toMatchObject({ code: 0 })
  expect(checked.out.split('\n').slice(0, 2)).toEqual(heard.out.split('\n').slice(0, 2))
}, 240_000)
