import type { Answer } from '../../../../miner/answerer.ts'
import { leafCount } from '../../../../shared/proof/answer-root.ts'
import { openLeaves, type SketchOpening } from '../../../../shared/proof/sketch/opening.ts'
import type { Reveal } from '../../../../shared/protocol/messages.ts'
import { otherMiner, type Revealed, type Tamper } from '../audit-answers.ts'

/**
 * What a miner may change once its commit is out, by name. Everything it needs is its own: it holds all sketches of its answer.
 * @param donor an honest answer to another challenge
 */
export function tamperings(donor: Revealed): Readonly<Record<string, Tamper>> {
  return {
    'replayed reveal': (sent) => changed(sent, { ...donor.reveal, id: sent.reveal.id }),
    'replayed commit and reveal': (sent) => ({
      ...changed(sent, { ...donor.reveal, id: sent.reveal.id }),
      commit: { ...donor.commit, id: sent.commit.id },
    }),
    'commit of another miner': (sent) => ({
      ...sent,
      miner: { ...sent.miner, publicKey: otherMiner.publicKey },
    }),
    'reveal with another salt': (sent) => changed(sent, { salt: donor.reveal.salt }),
    'reveal with one token changed': (sent) => changed(sent, { tokens: sent.reveal.tokens.with(0, 81) }),
    'reveal with one token fewer': (sent) => changed(sent, { tokens: sent.reveal.tokens.slice(0, -1) }),
    'reveal with another finish': (sent) =>
      changed(sent, { finish: sent.reveal.finish === 'stop' ? 'length' : 'stop' }),
    'reveal with another text': (sent) => changed(sent, { text: `${sent.reveal.text}.` }),
    'opening for another position': (sent, answer) => withOpenings(sent, othersOf(sent, answer)),
    'opening for another position, relabelled': (sent, answer) => {
      const others = othersOf(sent, answer)
      return withOpenings(
        sent,
        sent.reveal.openings.map(({ index }, place) => ({ ...others[place]!, index })),
      )
    },
    'swapped leaves': (sent) => {
      const [one, other] = sent.reveal.openings
      return other === undefined
        ? withOpenings(sent, [])
        : withOpenings(sent, [
            { ...one!, sketches: other.sketches },
            { ...other, sketches: one!.sketches },
          ])
    },
    'sketches changed after the commit': (sent) =>
      withOpenings(
        sent,
        sent.reveal.openings.map((opening) => ({
          ...opening,
          sketches: opening.sketches.map((value) => value * (1 + 2 ** -22)),
        })),
      ),
    'tree made anew after the commit': (sent, { tokens, sketches }) => {
      const later = sketches!.map((value) => value * (1 + 2 ** -22))
      return withOpenings(sent, openLeaves(tokens, later, indicesOf(sent)))
    },
    'one opening too few': (sent) => withOpenings(sent, sent.reveal.openings.slice(1)),
    'one leaf opened twice': (sent) =>
      withOpenings(
        sent,
        sent.reveal.openings.map(() => sent.reveal.openings[0]!),
      ),
    'path without its last hash': (sent) =>
      withOpenings(
        sent,
        sent.reveal.openings.map((opening) => ({ ...opening, path: opening.path.slice(0, -1) })),
      ),
    'one sketch value too few': (sent) =>
      withOpenings(
        sent,
        sent.reveal.openings.map((opening) => ({ ...opening, sketches: opening.sketches.slice(1) })),
      ),
  }
}

function changed(sent: Revealed, reveal: Partial<Reveal>): Revealed {
  return { ...sent, reveal: { ...sent.reveal, ...reveal } }
}

function withOpenings(sent: Revealed, openings: readonly SketchOpening[]): Revealed {
  return changed(sent, { openings: openings.map((opening) => ({ ...opening, path: [...opening.path] })) })
}

const indicesOf = ({ reveal }: Revealed) => reveal.openings.map(({ index }) => index)

/** As many openings of leaves that nobody asked for; of a short answer, of those next to them. */
function othersOf(sent: Revealed, { tokens, sketches }: Answer): SketchOpening[] {
  const count = leafCount(tokens.length)
  const asked = indicesOf(sent)
  const others = asked.map((index) => {
    for (let step = 1; step < count; step++) {
      const other = (index + step) % count
      if (!asked.includes(other)) return other
    }
    return (index + 1) % count
  })
  return openLeaves(tokens, sketches!, others)
}
