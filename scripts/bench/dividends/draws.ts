/** What a miner runs: who runs the same kind is equally good. */
export interface Kind {
  readonly name: string
  /** Share of gold questions that it answers. */
  readonly quality: number
}

/** How a new miner is drawn: what copying is worth depends on it most. */
export type Draw = (random: () => number) => Kind

/** Models that a subnet may declare, by the share of gold questions that they answer: nano, small, and one above. */
const MODELS: readonly Kind[] = [
  { name: 'nano', quality: 0.39 },
  { name: 'small', quality: 0.8 },
  { name: 'large', quality: 0.9 },
]

const WORTHLESS: Kind = { name: 'worthless', quality: 0 }

export const DRAWS = {
  /** One in two is worth nothing (a cheat that the audit stopped, or gone); the others run one of three models. */
  comeAndGo: (random) => (random() < 0.5 ? WORTHLESS : MODELS[Math.floor(random() * MODELS.length)]!),
  /** A few good ones and many bad, each with a model of its own. */
  longTailed: (random) => ownKind(random() ** 4),
  /** Anything between worthless and perfect, each with a model of its own. */
  uniform: (random) => ownKind(random()),
} satisfies Record<string, Draw>

export type DrawName = keyof typeof DRAWS

function ownKind(quality: number): Kind {
  return { name: `own-${quality}`, quality }
}

/** A field of miners, some of which are drawn anew at each epoch. */
export interface Field {
  readonly miners: readonly Kind[]
  redraw(share: number): void
}

export function createField(size: number, draw: Draw, random: () => number): Field {
  const miners = Array.from({ length: size }, () => draw(random))
  return {
    miners,
    redraw(share) {
      const order = miners.map((_, miner) => ({ miner, at: random() })).sort((a, b) => a.at - b.at)
      for (const { miner } of order.slice(0, Math.round(share * size))) miners[miner] = draw(random)
    },
  }
}
