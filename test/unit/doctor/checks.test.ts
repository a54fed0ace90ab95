import { describe, expect, it } from 'vitest'
import { type ChainFacts, checkChain, type HeadFacts } from '../../../shared/doctor/checks/chain.ts'
import {
  checkMemory,
  checkModules,
  checkNode,
  checkOpenFiles,
} from '../../../shared/doctor/checks/machine.ts'
import { checkEngine, checkModel, type ModelFacts } from '../../../shared/doctor/checks/model.ts'
import {
  checkAxonOnChain,
  checkPermit,
  checkRegistration,
  type PlaceFacts,
} from '../../../shared/doctor/checks/place.ts'
import {
  checkDialled,
  checkPort,
  type DialledFacts,
  type PortState,
} from '../../../shared/doctor/checks/port.ts'
import { checkFolder, checkScores, type FolderFacts } from '../../../shared/doctor/checks/state.ts'
import { checkWallet, type WalletFacts } from '../../../shared/doctor/checks/wallet.ts'
import {
  type Finding,
  failure,
  isHealthy,
  ok,
  renderFindings,
  warning,
} from '../../../shared/doctor/finding.ts'
import { within } from '../../../shared/doctor/within.ts'

const TAO = 1_000_000_000n
const GIB = 2 ** 30

const head: HeadFacts = {
  number: 9,
  madeAt: 100_000,
  seenAt: 100_500,
  isNew: true,
  waitedMs: 900,
  blockMs: 2_000,
}
const chain: ChainFacts = {
  runtime: 'starling/3',
  genesisHash: `0x${'ab'.repeat(32)}`,
  expectedGenesis: undefined,
  latencyMs: 20,
  writesStopped: undefined,
  head,
}
const neuron = { uid: 4, validatorPermit: true, stake: 100n * TAO, axon: { ip: '5.6.7.8', port: 8091 } }
const place: PlaceFacts = { netuid: 3, hotkey: '5F', neuron, price: TAO / 2n, stakeThreshold: TAO }
const wallet: WalletFacts = {
  hotkey: { value: { address: '5F', encrypted: false } },
  hotkeyFile: '/w/hotkeys/default',
  hotkeyMode: 0o100600,
  coldkeyFile: '/w/coldkey',
  coldkeyMode: undefined,
}
const dialled: DialledFacts = {
  bound: '0.0.0.0',
  announced: { ip: '5.6.7.8', port: 8091 },
  objection: undefined,
  answers: true,
}
const folder: FolderFacts = {
  folder: '/s',
  isThere: true,
  unwritable: undefined,
  free: 9 * GIB,
  holder: undefined,
}
const model: ModelFacts = {
  name: 'nano',
  hash: `0x${'12'.repeat(32)}`,
  executionClass: 'cpu-fp32/ort-1',
  level: { value: 3 },
  calibration: { value: true },
}
const port = (state: PortState) => [checkPort({ flag: '--axon.port', ip: '0.0.0.0', port: 80, state })]
const withHead = (fields: Partial<HeadFacts>) =>
  checkChain({ value: { ...chain, head: { ...head, ...fields } } })
const scores = { round: 7, blocksAgo: 30, roundBlocks: 25 }

const worst = (findings: readonly Finding[]) => {
  const [found] = (['failure', 'warning', 'ok'] as const).filter((one) =>
    findings.some((f) => f.verdict === one),
  )
  return found
}

describe('what the doctor says', () => {
  it.each<[string, Finding['verdict'], readonly Finding[]]>([
    ['Node as wanted', 'ok', [checkNode('20.19.0', '>=20.19'), checkNode('22.1.0', '>=20.19')]],
    ['an old Node', 'failure', [checkNode('20.18.3', '>=20.19')]],
    ['modules that load', 'ok', [checkModules(['a'], {})]],
    ['a module that does not', 'failure', [checkModules(['a'], { a: 'no such file' })]],
    ['enough open files', 'ok', [checkOpenFiles(1024), checkOpenFiles(undefined)]],
    ['few open files', 'warning', [checkOpenFiles(1023)]],
    ['too few open files', 'failure', [checkOpenFiles(255)]],
    ['enough memory', 'ok', [checkMemory({ available: 2 * GIB, weights: GIB / 8, factor: 2.5 })]],
    ['little memory', 'warning', [checkMemory({ available: GIB, weights: GIB / 8, factor: 2.5 })]],
    ['too little memory', 'failure', [checkMemory({ available: GIB / 2, weights: GIB / 8, factor: 2.5 })]],
    ['a wallet in order', 'ok', checkWallet(wallet)],
    ['no hotkey', 'failure', checkWallet({ ...wallet, hotkey: { error: 'WALLET_NOT_FOUND: none' } })],
    ['a hotkey for all to read', 'warning', checkWallet({ ...wallet, hotkeyMode: 0o100644 })],
    ['a coldkey beside it', 'warning', checkWallet({ ...wallet, coldkeyMode: 0o100600 })],
    ['a coldkey that lies open', 'failure', checkWallet({ ...wallet, coldkeyMode: 0o100640 })],
    ['a chain in order', 'ok', checkChain({ value: chain })],
    ['no chain', 'failure', checkChain({ error: 'CHAIN_UNREACHABLE: no' })],
    ['a slow node', 'warning', checkChain({ value: { ...chain, latencyMs: 1_500 } })],
    [
      'an unknown runtime',
      'failure',
      checkChain({ value: { ...chain, writesStopped: 'runtime x differs' } }),
    ],
    ['a node that stands still', 'failure', withHead({ isNew: false, waitedMs: 30_000 })],
    ['a clock that is behind', 'failure', withHead({ seenAt: 97_000 })],
    ['a clock a second behind', 'ok', withHead({ seenAt: 99_000 })],
    ['blocks that are final late', 'ok', withHead({ seenAt: 140_000, blockMs: 12_000 })],
    ['a clock that is ahead', 'failure', withHead({ seenAt: 120_000 })],
    ['a chain without time', 'ok', withHead({ madeAt: undefined })],
    ['a uid', 'ok', [checkRegistration(place)]],
    ['no uid', 'failure', [checkRegistration({ ...place, neuron: undefined })]],
    ['a permit', 'ok', checkPermit(place)],
    ['no permit', 'failure', checkPermit({ ...place, neuron: { ...neuron, validatorPermit: false } })],
    [
      'too little stake for weights',
      'failure',
      checkPermit({ ...place, neuron: { ...neuron, stake: TAO - 1n } }),
    ],
    ['the axon on chain', 'ok', checkAxonOnChain(place, { ip: '5.6.7.8', port: 8091 })],
    ['a miner that listens nowhere', 'ok', checkAxonOnChain(place, undefined)],
    ['another axon on chain', 'warning', checkAxonOnChain(place, { ip: '5.6.7.8', port: 8092 })],
    ['a free port', 'ok', port({ kind: 'free' })],
    ['an axon at the port', 'ok', port({ kind: 'axon' })],
    ['another program at the port', 'failure', port({ kind: 'taken' })],
    ['an address of another machine', 'failure', port({ kind: 'refused', code: 'EADDRNOTAVAIL' })],
    ['a port of root', 'failure', port({ kind: 'refused', code: 'EACCES' })],
    ['an axon that answers', 'ok', [checkDialled(dialled)]],
    ['an axon that is not up', 'ok', [checkDialled({ ...dialled, answers: undefined })]],
    ['an axon behind a firewall', 'warning', [checkDialled({ ...dialled, answers: false })]],
    ['0.0.0.0 announced', 'failure', [checkDialled({ ...dialled, announced: { ip: '0.0.0.0', port: 1 } })]],
    [
      '127.0.0.1 announced',
      'failure',
      [checkDialled({ ...dialled, announced: { ip: '127.0.0.1', port: 1 } })],
    ],
    ['a private address', 'warning', [checkDialled({ ...dialled, objection: 'it lies in 10.0.0.0/8' })]],
    ['loopback behind a public address', 'warning', [checkDialled({ ...dialled, bound: '127.0.0.1' })]],
    ['a state folder in order', 'ok', checkFolder(folder)],
    ['a state folder in use', 'ok', checkFolder({ ...folder, holder: 'process 7' })],
    ['a state folder of somebody else', 'failure', checkFolder({ ...folder, unwritable: 'EACCES' })],
    ['a disk that fills up', 'warning', checkFolder({ ...folder, free: GIB / 2 })],
    ['a full disk', 'failure', checkFolder({ ...folder, free: 1_000 })],
    ['fresh scores', 'ok', [checkScores({ value: scores }), checkScores(undefined)]],
    ['old scores', 'warning', [checkScores({ value: { ...scores, blocksAgo: 76 } })]],
    ['scores of another chain', 'failure', [checkScores({ value: { ...scores, blocksAgo: -1 } })]],
    ['damaged scores', 'failure', [checkScores({ error: 'JOURNAL_DAMAGED: line 3' })]],
    ['a model of the registry', 'ok', checkModel(model)],
    ['an unknown model', 'failure', checkModel({ ...model, level: { error: 'MODEL_UNDECLARED: none' } })],
    ['a level that earns nothing', 'warning', checkModel({ ...model, level: { value: 1 } })],
    [
      'a damaged calibration',
      'failure',
      checkModel({ ...model, calibration: { error: 'CALIBRATION_DAMAGED' } }),
    ],
    ['no calibration', 'warning', checkModel({ ...model, calibration: { value: false } })],
    ['an engine that writes', 'ok', [checkEngine({ value: { executionClass: 'c', ms: 900 } })]],
    ['a device that is not there', 'failure', [checkEngine({ error: 'DEVICE_UNUSABLE: no card' })]],
  ])('of %s is %s', (_name, verdict, findings) => {
    expect(worst(findings), JSON.stringify(findings)).toBe(verdict)
    for (const { verdict: one, remedy } of findings) expect(remedy === undefined).toBe(one === 'ok')
  })

  it('names the price of a registration, rounded up', () => {
    expect(checkRegistration({ ...place, neuron: undefined }).remedy).toMatch(/--netuid 3 --max-price 1,/)
  })
})

describe('its report', () => {
  const findings = [
    ok('node', 'fine'),
    warning('a longer name', 'hm', 'look'),
    failure('x', 'no\u001b[2J', 'do'),
  ]

  it('shows each line with what to do, and counts', () => {
    expect(renderFindings(findings).split('\n')).toEqual([
      'ok       node           fine',
      'warning  a longer name  hm',
      '                        → look',
      'failure  x              no [2J',
      '                        → do',
      '',
      '1 ok, 1 warning, 1 failure',
    ])
  })

  it('is healthy with warnings, and with nothing that failed', () => {
    expect(isHealthy(findings)).toBe(false)
    expect(isHealthy(findings.slice(0, 2))).toBe(true)
  })
})

describe('a look', () => {
  it('that hangs is over at its deadline', async () => {
    expect(await within(5, 'the chain', () => new Promise(() => {}))).toEqual({
      error: 'the chain did not answer in 0.005 s',
    })
  })
})
