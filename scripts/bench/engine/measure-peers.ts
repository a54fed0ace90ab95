import { seededRandom } from '../../../shared/inference/random.ts'
import { describeError, StarlingError } from '../../../shared/process/errors.ts'
import type { Bar } from '../suite.ts'
import { median } from '../timing.ts'
import { type Context, type Part, withEngine } from './context.ts'
import type { ModelName } from './models.ts'
import { measureAgreement } from './peers/agreement.ts'
import { openPeer, type PeerName } from './peers/open-peer.ts'
import type { Trial } from './peers/peer.ts'
import { drawPrompt } from './requests.ts'
import { type Comparison, compareInTurns, engineRunner, type Mode } from './side-by-side.ts'

/** Who is compared with our engine, on which model. */
interface Side {
  /** Of its bars. */
  readonly name: string
  readonly peer: PeerName
  readonly model: ModelName
}

const SIDES: readonly Side[] = [
  { name: 'peer.transformersjs', peer: 'transformersjs', model: 'small' },
  { name: 'peer.llamacpp', peer: 'llamacpp', model: 'small' },
  { name: 'peer.llamacpp.q8_0', peer: 'llamacpp.q8_0', model: 'small' },
  { name: 'peer.bareLoop', peer: 'bareLoop', model: 'small' },
  { name: 'peer.transformersjs.base', peer: 'transformersjs', model: 'base' },
  { name: 'peer.llamacpp.base', peer: 'llamacpp', model: 'base' },
  { name: 'peer.llamacpp.base.q8_0', peer: 'llamacpp.q8_0', model: 'base' },
]

/** Greedy answers that are compared, and their tokens at most. */
const AGREEMENT = { answers: 16, prompt: 64, tokens: 64 }

type Measured = Awaited<ReturnType<typeof measureSide>>

/** Others on the same weights, in turns with our engine. One that can't be had is named, and has no bars. */
export async function measurePeers(context: Context, open: typeof openPeer = openPeer): Promise<Part> {
  const { sizes, report } = context
  const bars: Bar[] = []
  const peers: Record<string, Measured | { readonly absent: string }> = {}
  const sides = sizes.peerTurns === 0 ? [] : SIDES
  for (const [index, side] of sides.entries()) {
    report('peers', index, sides.length)
    try {
      const outcome = await measureSide(context, side, open)
      peers[side.name] = outcome
      bars.push(...sideBars(side.name, outcome))
    } catch (error) {
      if (!(error instanceof StarlingError && error.code.startsWith('PEER_'))) throw error
      const absent = describeError(error)
      peers[side.name] = { absent }
      process.stdout.write(`${side.name} was left out: ${absent}\n`)
    }
  }
  return { raw: { peers }, bars }
}

async function measureSide(context: Context, { peer, model }: Side, open: typeof openPeer) {
  const { models, sizes, threads, seed, now } = context
  const folder = models[model].speedFolder
  const random = seededRandom(seed)
  const theirs = await open(peer, { folder, threads })
  try {
    return await withEngine(context, folder, async (engine) => {
      const ours = engineRunner(engine, random, now)
      const { answers, prompt, tokens } = AGREEMENT
      const prompts = Array.from({ length: answers }, () => drawPrompt(random, prompt))
      const modes: (Comparison & { readonly mode: Mode; readonly trials: readonly Trial[] })[] = []
      for (const [mode, trials] of theirs.trials) {
        const compared = await compareInTurns(
          sizes.peerTurns,
          () => ours.run(mode),
          () => theirs.run(mode),
        )
        modes.push({ mode, trials, ...compared })
      }
      return { modes, agreement: await measureAgreement(engine, theirs, prompts, tokens) }
    })
  } finally {
    await theirs.close()
  }
}

function sideBars(name: string, { modes, agreement }: Measured): Bar[] {
  const ratios = modes.map(({ mode, trials, ratio, ours, theirs }) => {
    const speeds = `${median(ours).toFixed(0)} over ${median(theirs).toFixed(0)} tokens/s`
    return {
      name: `${name}.${mode}`,
      value: ratio,
      unit: 'ratio',
      note: `ours over theirs: ${speeds} (${trials[0]?.way})`,
    }
  })
  const note = `greedy tokens before the first that differs; ${agreement.equal} of ${agreement.answers} answers are equal`
  return [
    ...ratios,
    { name: `${name}.agree`, value: agreement.equalTokens / agreement.tokens, unit: 'share', note },
  ]
}
