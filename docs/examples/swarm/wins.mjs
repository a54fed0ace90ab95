/**
 * A scorer for `npm run bench -- swarm --scenario docs/examples/swarm/clique-by-wins.json`: a miner is paid by the share of its comparisons
 * that its answers won, every judge counting alike. It looks at no gold and replays nothing, so a clique earns what it likes.
 *
 * @param {readonly (readonly import('../../../scripts/bench/swarm/simulate/scorer.ts').ScorerField[])[]} rounds the newest last
 * @returns {Record<string, number>} by hotkey
 */
export function score(rounds) {
  const tallies = new Map()
  for (const { answers, judgements } of rounds.flat()) {
    for (const { preferences } of judgements) {
      for (const { a, b, winOfA } of preferences) {
        add(tallies, answers[a].hotkey, winOfA)
        add(tallies, answers[b].hotkey, 1 - winOfA)
      }
    }
  }
  return Object.fromEntries([...tallies].map(([hotkey, { won, compared }]) => [hotkey, won / compared]))
}

function add(tallies, hotkey, won) {
  const before = tallies.get(hotkey) ?? { won: 0, compared: 0 }
  tallies.set(hotkey, { won: before.won + won, compared: before.compared + 1 })
}
