import type { PublicationEntry, WeightsIntent } from '../store/entries.ts'

/** What the journal says of weights that were, or may have been, sent. */
export interface PublicationState {
  /** Id of the next intent. */
  readonly nextId: number
  /** Written down and perhaps sent, without a known end: nothing else is sent before it has one. */
  readonly pending: WeightsIntent | undefined
  /** Commits in the chain that are not opened yet, oldest first, and the block that each is in. */
  readonly open: readonly { readonly intent: WeightsIntent; readonly block: number }[]
  /** Every publication that is in the chain and was not lost afterwards. */
  readonly published: readonly {
    readonly id: number
    readonly round: number
    readonly epoch: number
    readonly method: WeightsIntent['method']
  }[]
}

export const NOTHING_PUBLISHED: PublicationState = { nextId: 0, pending: undefined, open: [], published: [] }

/** Publications that are remembered: enough to know the last of each method. */
const REMEMBERED = 32

/** The state after one more entry. Entries about another chain's intents change nothing. */
export function applyEntry(
  state: PublicationState,
  entry: PublicationEntry,
  chain: string,
): PublicationState {
  if (entry.kind === 'weights-intent') {
    const nextId = Math.max(state.nextId, entry.id + 1)
    return entry.chain === chain ? { ...state, nextId, pending: entry } : { ...state, nextId }
  }
  if (entry.kind === 'weights') {
    const { pending } = state
    if (pending === undefined || pending.id !== entry.intent) return state
    const { id, round, epoch, method } = pending
    return {
      ...state,
      pending: undefined,
      open: method === 'plain' ? state.open : [...state.open, { intent: pending, block: entry.block }],
      published: [...state.published, { id, round, epoch, method }].slice(-REMEMBERED),
    }
  }
  const { intent: id, outcome } = entry
  const isLost = outcome === 'expired' || outcome === 'lost'
  return {
    ...state,
    pending: state.pending?.id === id ? undefined : state.pending,
    open: state.open.filter(({ intent }) => intent.id !== id),
    published: isLost ? state.published.filter((publication) => publication.id !== id) : state.published,
  }
}

/** The last round whose weights are in the chain, or in a commit that may still be opened; -1 for none. */
export function publishedRound({ published }: PublicationState): number {
  return published.reduce((last, { round }) => Math.max(last, round), -1)
}

/** The last epoch that weights were committed in; -1 for none. */
export function committedEpoch({ published }: PublicationState): number {
  const commits = published.filter(({ method }) => method !== 'plain')
  return commits.reduce((last, { epoch }) => Math.max(last, epoch), -1)
}
