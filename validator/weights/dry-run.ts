import type { ChainClient, Metagraph } from '../../shared/chain/chain-client.ts'
import type { Signer } from '../../shared/chain/wallet/signer.ts'
import { planWeights, type WeightPlan } from '../../shared/chain/weight-rules/plan.ts'
import { hasCode } from '../../shared/process/errors.ts'
import type { PublicationEntry } from '../store/entries.ts'
import { draftWeights, type SubnetView, weightFacts } from './chain-view.ts'
import { type CallDescription, describeCall } from './describe-call.ts'
import { makeIntent } from './make-intent.ts'
import { applyEntry, NOTHING_PUBLISHED, publishedRound } from './publication-state.ts'
import { encodeIntent } from './send.ts'

/** Milliseconds a block where nobody has watched long enough to know; Subtensor's. */
const ASSUMED_BLOCK_MS = 12_000

type Reader = Pick<
  ChainClient,
  'info' | 'head' | 'metagraph' | 'hyperparameters' | 'epochSchedule' | 'weightCommits' | 'unsignedCall'
>

export interface DryRunParts {
  readonly chain: Reader
  readonly signer: Signer
  readonly netuid: number
  /** The last settled round; -1 for none. */
  readonly round: number
  readonly scoresOf: (metagraph: Metagraph) => Readonly<Record<string, { readonly score: number }>>
  readonly recorded: readonly PublicationEntry[]
  readonly random: (bytes: number) => Uint8Array
  readonly nowMs: number
}

/** What publishing would do now, as JSON-ready data. */
export interface DryRun {
  readonly netuid: number
  readonly hotkey: string
  readonly block: number
  /** Round whose scores these are; -1 for none. */
  readonly round: number
  readonly checks: WeightPlan['checks']
  readonly waitBlocks: WeightPlan['waitBlocks']
  readonly kind: string | undefined
  readonly uids: readonly number[]
  readonly weights: readonly number[]
  /** The call; a commit draws its secrets anew when it is made. */
  readonly call: CallDescription | undefined
  /** That call as the chain encodes it, 0x + hex. */
  readonly encoded: string | undefined
  /** What the journal adds: why the validator would do nothing although the chain would take it. */
  readonly notes: readonly string[]
}

/** Plans the publication of the newest scores and sends nothing. @throws StarlingError CHAIN_… */
export async function dryRun(parts: DryRunParts): Promise<DryRun> {
  const { chain, signer, netuid, round } = parts
  const view = await readSubnet(chain, netuid, signer.address)
  const nothing = { uids: [], weights: [] }
  const draft = view === undefined ? nothing : draftWeights(view, parts.scoresOf(view.metagraph))
  const facts =
    view === undefined
      ? {
          ...{ netuid, mechanism: 0, block: (await chain.head()).number, versionKey: 0n, ...draft },
          subnet: undefined,
        }
      : weightFacts(view, draft)
  const { checks, waitBlocks, publication } = planWeights(facts)
  const prepared =
    publication === undefined || view === undefined
      ? undefined
      : makeIntent(publication, view, {
          ...{ id: 0, chain: chain.info().marker, round, hotkey: signer.publicKey },
          ...{ random: parts.random, nowMs: parts.nowMs, blockMs: ASSUMED_BLOCK_MS },
        })
  return {
    ...{ netuid, hotkey: signer.address, block: facts.block, round, checks, waitBlocks, ...draft },
    kind: publication?.kind,
    call: prepared === undefined ? undefined : describeCall(netuid, prepared),
    encoded: prepared === undefined ? undefined : (await encodeIntent(chain, netuid, prepared)).call,
    notes: notesOn(parts, publication === undefined),
  }
}

async function readSubnet(chain: Reader, netuid: number, hotkey: string): Promise<SubnetView | undefined> {
  const metagraph = await chain.metagraph(netuid).catch((error: unknown) => {
    if (hasCode(error, 'CHAIN_SUBNET_UNKNOWN')) return undefined
    throw error
  })
  if (metagraph === undefined) return undefined
  const [rules, schedule, commits] = await Promise.all([
    chain.hyperparameters(netuid),
    chain.epochSchedule(netuid),
    chain.weightCommits({ netuid, hotkey }),
  ])
  const self = metagraph.neurons.find((neuron) => neuron.hotkey === hotkey)
  return { metagraph, self, rules, schedule, commits }
}

function notesOn({ recorded, chain, round }: DryRunParts, isEmpty: boolean): string[] {
  const { marker } = chain.info()
  const state = recorded.reduce((before, entry) => applyEntry(before, entry, marker), NOTHING_PUBLISHED)
  const { pending, open } = state
  return [
    ...(round < 0 ? ['no round is settled yet'] : isEmpty ? ['nobody has a score above zero'] : []),
    ...(round >= 0 && publishedRound(state) >= round ? [`round ${round} is published already`] : []),
    ...(pending === undefined
      ? []
      : [`round ${pending.round} was sent at block ${pending.block}; whether it got in is not known yet`]),
    ...open.map(
      ({ intent, block }) => `round ${intent.round} is committed in block ${block}, not opened yet`,
    ),
  ]
}
