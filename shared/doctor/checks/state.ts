import { type Finding, failure, ok, warning } from '../finding.ts'

export interface FolderFacts {
  readonly folder: string
  readonly isThere: boolean
  /** Why it cannot be written in, or made; undefined where it can. */
  readonly unwritable: string | undefined
  /** Bytes; undefined where the system does not tell. */
  readonly free: number | undefined
  /** `process 123` that runs and holds it; undefined where none does. */
  readonly holder: string | undefined
}

const GIB = 2 ** 30
const LEAST_FREE = GIB / 8

export function checkFolder({ folder, isThere, unwritable, free, holder }: FolderFacts): Finding[] {
  const name = 'state folder'
  if (unwritable !== undefined) {
    const found = `${folder} cannot be written in: ${unwritable}`
    return [failure(name, found, 'give it to this user with chown, or name another with --state')]
  }
  const held = holder === undefined ? '' : `, in use by ${holder}`
  return [ok(name, `${folder}${isThere ? held : ', made at the first start'}`), ...spaceFinding(free)]
}

function spaceFinding(free: number | undefined): Finding[] {
  if (free === undefined) return []
  const name = 'disk'
  const found = `${(free / GIB).toFixed(1)} GiB free`
  const remedy = 'make room: state that cannot be written stops the program'
  if (free < LEAST_FREE) return [failure(name, found, remedy)]
  return [free < GIB ? warning(name, found, remedy) : ok(name, found)]
}

export interface ScoresFacts {
  /** Newest round in the book; -1 where none was settled yet. */
  readonly round: number
  /** Blocks since the round's first, by the validator's own numbering; undefined without a chain. */
  readonly blocksAgo: number | undefined
  readonly roundBlocks: number
}

/** @param scores what the folder's journal and snapshot come to; an error where they are damaged; undefined where there are none */
export function checkScores(
  scores: { readonly value: ScoresFacts } | { readonly error: string; readonly remedy?: string } | undefined,
): Finding {
  const name = 'scores'
  if (scores === undefined) return ok(name, 'none yet: they begin with the first round')
  if ('error' in scores)
    return failure(name, scores.error, scores.remedy ?? 'restore the folder from a backup')
  const { round, blocksAgo, roundBlocks } = scores.value
  if (round < 0) return ok(name, 'no round was settled yet')
  if (blocksAgo === undefined) return ok(name, `up to round ${round}`)
  if (blocksAgo < 0) {
    const found = `up to round ${round}, which this chain has not reached yet`
    return failure(
      name,
      found,
      'this folder is another chain’s, or of another --config: name the right one with --state',
    )
  }
  if (blocksAgo <= 3 * roundBlocks) return ok(name, `up to round ${round}, ${blocksAgo} blocks ago`)
  return warning(
    name,
    `up to round ${round}, ${blocksAgo} blocks ago`,
    'none is needed if the validator was off; else read its log',
  )
}
