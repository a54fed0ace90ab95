import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { AnswerJudge } from '../../../miner/judges.ts'
import { startMiner } from '../../../miner/miner.ts'
import type { OutboundSettings } from '../../../miner/serving.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import { fromHex } from '../../../shared/proof/hash.ts'
import { connectAxon } from '../../../shared/protocol/axon-client.ts'
import { type GateSettings, openGate } from '../../../validator/gate.ts'
import { createPeers } from '../../../validator/peers.ts'
import { TLS } from '../../support/certificate.ts'
import { type MinerChain, minerChain, neuronOf } from '../../support/miner-chain.ts'
import { testModel } from '../../support/participants.ts'

const VALIDATOR = signerFromUri('//gate-validator')
const MINER = signerFromUri('//gate-miner')
const ANSWER = { tokens: [72, 105], text: 'Hi', finish: 'length' as const }
const SAMPLING = { temperature: 1, topK: 0, topP: 1, maxTokens: 2 }

const chainOf = () =>
  minerChain(
    [neuronOf(VALIDATOR.address, 0, { validatorPermit: true, stake: 10n }), neuronOf(MINER.address, 1)],
    0,
  )

/** A validator's gate, and the peers behind it. */
async function gateOn(fake: MinerChain, settings: Partial<GateSettings> = {}) {
  const stop = new AbortController()
  const peers = createPeers({
    signer: VALIDATOR,
    ...{ netuid: 1, neurons: fake.neurons, registry: [testModel], modelBefore: () => undefined },
    whyUnscored: () => new StarlingError('MODEL_UNDECLARED', 'the registry holds no such model'),
    ...{ dialPrivate: true, hasGate: true, dial: connectAxon, signal: stop.signal, log: silentLog() },
  })
  const own = fake.neurons.find(({ hotkey }) => hotkey === VALIDATOR.address)!
  const gate = await openGate(
    { ip: '127.0.0.1', port: 0, ...settings },
    {
      ...{ chain: fake.chain, signer: VALIDATOR, netuid: 1, own, peers, signal: stop.signal },
      ...{ clock: systemClock, log: silentLog() },
    },
  )
  const close = async () => {
    stop.abort()
    await gate.close()
  }
  onTestFinished(close)
  const asked = async () => peers.participants(await fake.chain.metagraph(1))
  const connected = () => expect.poll(() => peers.sessions().length, { timeout: 60_000 }).toBe(1)
  return { peers, gate, close, asked, connected }
}

/** A miner that listens nowhere. */
async function minerOn({ chain }: MinerChain) {
  const axon: OutboundSettings = { outbound: true, dialPrivate: true, random: () => 1 }
  const miner = await startMiner({
    ...{ chain, signer: MINER, netuid: 1, model: testModel, axon, stateFolder: 'unused', minStake: 0n },
    answerer: async () => ANSWER,
    judge: (() => {}) as unknown as AnswerJudge,
    ...{ clock: systemClock, log: silentLog() },
  })
  onTestFinished(() => miner.close())
  return miner
}

it.each([
  ['ws', {}],
  ['wss', { tls: TLS }],
])(
  'a miner without a port is asked, commits and reveals through the gate over %s',
  async (scheme, settings) => {
    const fake = chainOf()
    const validator = await gateOn(fake, settings)
    const tls = scheme === 'wss' ? true : undefined
    expect(fake.served).toMatchObject([{ ip: '127.0.0.1', port: validator.gate.port, gate: true }])
    expect(fake.served[0]!.tls).toBe(tls)
    const miner = await minerOn(fake)
    expect(miner.address).toBeUndefined()
    expect(fake.neurons[1]!.axon).toBeUndefined()
    await validator.connected()

    const [participant] = await validator.asked()
    expect(participant).toMatchObject({ uid: 1, hotkey: MINER.address, model: testModel })
    const id = new Uint8Array(32).fill(1)
    const { session } = participant!
    const commit = await session.request(
      {
        ...{ type: 'challenge', id, round: 1, prompt: 'hello', model: fromHex(testModel.hash) },
        ...{ sampling: SAMPLING, deadlineMs: 60_000 },
      },
      { timeoutMs: 20_000 },
    )
    expect(commit.type).toBe('commit')
    const reveal = await session.request(
      { type: 'reveal-request', id, beacon: new Uint8Array(32) },
      { timeoutMs: 20_000 },
    )
    expect(reveal).toMatchObject({ type: 'reveal', text: 'Hi', finish: 'length' })
  },
)

it('who dialled in stands in the file of accepted upgrades', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'starling-gate-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const noncesPath = join(folder, 'gate.nonces')
  const fake = chainOf()
  const validator = await gateOn(fake, { noncesPath })
  await minerOn(fake)
  await validator.connected()
  expect(readFileSync(noncesPath, 'utf8')).toMatch(new RegExp(`^${MINER.address} \\d+\n$`))
})

it('a miner follows its validator to another address', async () => {
  const fake = chainOf()
  const first = await gateOn(fake)
  await minerOn(fake)
  await first.connected()
  await first.close()
  const second = await gateOn(fake)
  await fake.advance(fake.block + 25)
  await second.connected()
})

it('a miner that lost its place is refused at the gate', async () => {
  const fake = chainOf()
  const validator = await gateOn(fake)
  await validator.peers.refresh({ ...(await fake.chain.metagraph(1)), neurons: [fake.neurons[0]!] })
  expect(validator.peers.authorize(MINER.address)).toMatchObject({ code: 'NOT_REGISTERED' })
  await minerOn(fake)
  // Registered again, it comes back by itself.
  await validator.peers.refresh(await fake.chain.metagraph(1))
  await validator.connected()
})
