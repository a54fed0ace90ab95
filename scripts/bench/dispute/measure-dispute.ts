import { dirname, join, resolve } from 'node:path'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { caseCommit, caseDigest, caseStatement } from '../../../shared/dispute/case.ts'
import { type Hear, hearCase, type ProvenRuling } from '../../../shared/dispute/hear-case.ts'
import { hearSession } from '../../../shared/dispute/hear-session.ts'
import { checkRecord, formatRecord, makeRecord, parseRecord } from '../../../shared/dispute/record.ts'
import { SIDES, type Side } from '../../../shared/dispute/referee.ts'
import { openReferenceEvaluator } from '../../../shared/inference/reference/evaluate.ts'
import { readRegistry } from '../../../shared/inference/registry/read-registry.ts'
import { REGISTRY_FILE } from '../../../shared/inference/registry/registry.ts'
import { startEngine } from '../../../shared/inference/start-engine.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { personalSeed } from '../../../shared/proof/challenge-id.ts'
import { commitMessage } from '../../../shared/proof/commit.ts'
import { fromHex, hashText } from '../../../shared/proof/hash.ts'
import { connectAxon } from '../../../shared/protocol/axon-client.ts'
import { encodeFrame } from '../../../shared/protocol/codec.ts'
import type { DisputeCase } from '../../../shared/protocol/dispute-messages.ts'
import { type SideCost, startSide } from './side.ts'

const URIS: Readonly<Record<Side | 'referee', string>> = {
  challenger: '//Alice',
  defender: '//Bob',
  referee: '//Charlie',
}

export interface DisputeMeasurement {
  /** Positions of the run: prompt and answer. */
  readonly positions: number
  readonly ruling: ProvenRuling
  /** Moves of each side up to the one operator. */
  readonly rounds: number
  readonly operatorsRerun: number
  /** The case, and all that was said and signed, but for what was opened. */
  readonly transcriptBytes: number
  /** Opened tile, inputs and logits, of both sides, with signatures. */
  readonly refereeInputBytes: number
  readonly recordFileBytes: number
  /** From dialling to the ruling. */
  readonly wallSeconds: number
  /** CPU time of hearing, and of hearing again from the record. */
  readonly refereeCpuSeconds: number
  readonly checkCpuSeconds: number
  /** Each side is a process of its own; reading the model is counted. */
  readonly sides: Readonly<Record<Side, SideCost>>
}

export interface DisputeOptions {
  /** A folder with model.json, with the registry beside it. */
  readonly modelFolder: string
  /** Prompt and answer together. */
  readonly positions: number
  readonly answerTokens: number
  /** Runs with one weight of the last layer moved; nobody unless told. */
  readonly liar?: Side
  /** Which one: of `gateUp`, whose tiles lie deepest in the tree, or of `down`, whose inputs are the largest. */
  readonly lieIn?: 'gateUp' | 'down'
  /** Milliseconds from any fixed moment. */
  readonly now: () => number
}

/**
 * Disputes an answer of our engine end to end: two processes, a referee and real sockets between them.
 * @throws StarlingError MODEL_…, REGISTRY_…, MODEL_UNDECLARED
 */
export async function measureDispute(options: DisputeOptions): Promise<DisputeMeasurement> {
  const registryPath = join(dirname(resolve(options.modelFolder)), REGISTRY_FILE)
  const { registry } = await readRegistry(registryPath)
  const dispute = await answerInDispute(options)
  const hash = `0x${Buffer.from(dispute.model).toString('hex')}`
  const reference = registry.models.find((declared) => declared.hash === hash)?.reference
  if (reference === undefined)
    throw new StarlingError('MODEL_UNDECLARED', `${registryPath} has no reference run of ${hash}`)

  const { layers } = reference.architecture
  const lie = { parameter: `layer${layers - 1}.${options.lieIn ?? 'gateUp'}`, index: 11, offset: 0.25 }
  const start = (side: Side) =>
    startSide({
      ...{ side, uri: URIS[side], modelFolder: options.modelFolder, hash, registry: registryPath },
      ...(side === options.liar ? { lie } : {}),
    })
  const [challenger, defender] = await Promise.all(SIDES.map(start))
  const processes = { challenger: challenger!, defender: defender! }
  const referee = signerFromUri(URIS.referee)
  const evaluator = await openReferenceEvaluator()
  let operatorsRerun = 0
  const counted: typeof evaluator.evaluate = (inputs) => {
    operatorsRerun++
    return evaluator.evaluate(inputs)
  }
  const said = { rounds: 0, transcript: 0, opened: 0 }
  const dial = async (side: Side) => {
    const { port } = processes[side]
    const { address: hotkey } = signerFromUri(URIS[side])
    const session = await connectAxon({ ip: '127.0.0.1', port, signer: referee, hotkey })
    const ask = hearSession(session, dispute)
    const hear: Hear = async (move) => {
      const reply = await ask(move)
      const bytes = reply.body.length + reply.signature.length
      const isOpening = move.type === 'tile-request' || move.type === 'logits-request'
      if (isOpening) said.opened += bytes
      else said.transcript += bytes
      if (side === 'challenger' && move.type !== 'logits-request') said.rounds++
      return reply
    }
    return { session, hear }
  }
  const started = options.now()
  const cpu = process.cpuUsage()
  const dialled = { challenger: await dial('challenger'), defender: await dial('defender') }
  const sides = { challenger: dialled.challenger.hear, defender: dialled.defender.hear }
  const hearing = await hearCase(dispute, reference, sides, counted)
  const refereeCpuSeconds = secondsSince(cpu)
  const wallSeconds = (options.now() - started) / 1000
  for (const side of SIDES) dialled[side].session.close()
  const costs = { challenger: await processes.challenger.stop(), defender: await processes.defender.stop() }

  const text = formatRecord(makeRecord(referee, dispute, reference, hearing))
  const again = process.cpuUsage()
  const ruling = await checkRecord(parseRecord(text), reference, evaluator.evaluate)
  const checkCpuSeconds = secondsSince(again)
  await evaluator.close()
  const caseBytes = encodeFrame(1, { type: 'dispute-open', id: caseDigest(dispute), case: dispute }).length
  return {
    positions: caseStatement(dispute, reference).plan.tokens.length + 1,
    ruling,
    rounds: said.rounds,
    operatorsRerun,
    transcriptBytes: caseBytes + said.transcript,
    refereeInputBytes: said.opened,
    recordFileBytes: text.length,
    ...{ wallSeconds, refereeCpuSeconds, checkCpuSeconds },
    sides: costs,
  }
}

/** An honest answer of the engine, signed by the defender; its last token is in dispute. */
async function answerInDispute({
  modelFolder,
  positions,
  answerTokens,
}: DisputeOptions): Promise<DisputeCase> {
  const [challenger, defender] = SIDES.map((side) => signerFromUri(URIS[side]))
  const challenge = hashText('starling/bench/dispute')
  const sampling = { temperature: 1, topK: 0, topP: 1 }
  const prompt = 'Write down what you see. '.repeat(100).slice(0, positions - answerTokens - 2)
  const engine = await startEngine({ modelFolder, device: 'cpu', threads: 1 })
  try {
    const { tokens, finish } = await engine.generate({
      promptTokens: engine.text.encodePrompt(prompt),
      maxTokens: answerTokens,
      sampling,
      seed: personalSeed(challenge, defender!.publicKey),
    })
    const unsigned: DisputeCase = {
      validator: challenger!.publicKey,
      challenger: challenger!.publicKey,
      defender: defender!.publicKey,
      ...{ challenge, prompt, finish, tokens: [...tokens], position: tokens.length - 1 },
      model: fromHex(engine.model.hash),
      executionClass: engine.model.executionClass,
      sampling: { ...sampling, maxTokens: answerTokens },
      salt: hashText('salt'),
      sketchRoot: new Uint8Array(32),
      signature: new Uint8Array(64),
    }
    const signature = defender!.sign(commitMessage(challenge, caseCommit(unsigned)))
    return { ...unsigned, signature }
  } finally {
    await engine.close()
  }
}

function secondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
