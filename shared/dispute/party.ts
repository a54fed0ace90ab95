import { type Wiring, wire } from '../inference/reference/inputs.ts'
import { chunkCount, type Step, stepName } from '../inference/reference/plan.ts'
import type { Trace } from '../inference/reference/trace.ts'
import type { WeightsTree } from '../inference/reference/weight-tiles.ts'
import { StarlingError } from '../process/errors.ts'
import { equalBytes } from '../proof/hash.ts'
import { leafHash } from '../proof/merkle.ts'
import type { DisputeReply, DisputeRequest, OpenedInputs, OpenedTiles } from '../protocol/dispute-messages.ts'
import { logitsSteps } from './judge-answer.ts'
import { encodeFloats, type Statement, statementDigest } from './statement.ts'
import { hashTree, innerPaths, nodeAt, type Path, tilePaths, traceTree } from './tree.ts'

/** Answers the referee's requests about one trace. */
export type Party = (request: DisputeRequest) => DisputeReply

/**
 * Stands by a trace of a statement. Both sides of a dispute are this, whichever they are.
 * @throws StarlingError DISPUTE_UNKNOWN for a request of another dispute or beside the tree
 */
export function standBy(statement: Statement, trace: Trace, weights: WeightsTree): Party {
  const dispute = statementDigest(statement)
  const tree = traceTree(statement.plan)
  const paths = tilePaths(tree)
  const hashes = hashTree(tree, (step) => leafHash(encodeFloats(trace.tile(step))))
  const wiring: Wiring = wire(statement.plan)
  const hashesBelow = (path: Path) => nodeAt(tree, path)!.children.map((child) => hashes.get(child)!)

  function openTiles(steps: readonly Step[]): OpenedTiles {
    return {
      nodes: innerPaths(steps.map((step) => paths.get(stepName(step))!)).map(hashesBelow),
      tiles: steps.map((step) => encodeFloats(trace.tile(step))),
    }
  }

  function openInputs(path: Path): OpenedInputs {
    const needs = wiring.needs(nodeAt(tree, path)!.step!)
    return {
      ...openTiles(needs.tiles),
      weights: needs.weights.map(({ index }) => {
        return { values: weights.bytes(index), path: weights.path(index) }
      }),
    }
  }

  return (request) => {
    if (!equalBytes(request.dispute, dispute)) throw unknown('asks about another dispute')
    if (request.type === 'trace-request') return { type: 'trace', dispute, root: hashes.get(tree)! }
    if (request.type === 'logits-request') {
      const { chunk } = request
      if (chunk >= chunkCount(statement.plan)) throw unknown(`no chunk ${chunk}`)
      return { type: 'logits', dispute, chunk, ...openTiles(logitsSteps(statement.plan, chunk)) }
    }
    const { path } = request
    const node = nodeAt(tree, path)
    if (request.type === 'children-request') {
      if (node === undefined || node.children.length === 0) throw unknown(`no inner node at [${path}]`)
      return { type: 'children', dispute, path, hashes: hashesBelow(path) }
    }
    if (node?.step === undefined) throw unknown(`no tile at [${path}]`)
    const values = encodeFloats(trace.tile(node.step))
    return {
      type: 'tile',
      dispute,
      path,
      values,
      ...(request.withInputs ? { inputs: openInputs(path) } : {}),
    }
  }
}

function unknown(what: string): StarlingError {
  return new StarlingError(
    'DISPUTE_UNKNOWN',
    `a dispute's request ${what}`,
    'run the trace of its statement first',
  )
}
