import type { MinerRecord } from '../../../../validator/scoring/score-book.ts'
import type { Node } from './nodes.ts'
import type { Random } from './random.ts'

/** What a simulated miner answered, and what the audit says of it. */
export interface SimulatedAnswer {
  readonly node: Node
  readonly result: 'accept' | 'reject' | 'missed' | 'refused'
  /** 0 is an ordinary wrong answer, 1 an ordinary right one. */
  readonly worth: number
  readonly isRight: boolean
  /** Whether it was generated for this hotkey, and is nobody's copy. */
  readonly isMade: boolean
}

/**
 * What the answerers of one challenge send. Hotkeys of a group that has one generation send the same answer, or none; one that was
 * not sampled under their own seed passes the audit with probability e^(−surprise).
 * @param recordOf what the validator knows of a hotkey: a group makes its generation for one that is not punished
 */
export function drawAnswers(
  answerers: readonly Node[],
  round: number,
  recordOf: (hotkey: string) => MinerRecord | undefined,
  random: Random,
): SimulatedAnswer[] {
  const answers = new Map<Node, SimulatedAnswer>()
  // By their numbers, so that the order of roles decides nothing.
  const inOrder = answerers.toSorted((a, b) => a.index - b.index)
  for (const node of inOrder) {
    const { group } = node
    const maker = group.sharing && makerOf(node, inOrder, round, recordOf)
    if (group.sharing === undefined || maker === node) {
      answers.set(node, { node, result: 'accept', isMade: true, ...drawWorth(node, random) })
      continue
    }
    const shared = maker && answers.get(maker)
    if (group.sharing.others === 'copy' && shared !== undefined) {
      const passes = random() < Math.exp(-group.surprise)
      answers.set(node, { ...shared, node, isMade: false, result: passes ? 'accept' : 'reject' })
    } else {
      const result = group.sharing.others === 'refuse' ? 'refused' : 'missed'
      answers.set(node, { node, result, worth: 0, isRight: false, isMade: false })
    }
  }
  return answerers.map((node) => answers.get(node)!)
}

/** Under whose seed a group generates for this challenge; undefined where it has nothing to send. */
function makerOf(
  { group }: Node,
  answerers: readonly Node[],
  round: number,
  recordOf: (hotkey: string) => MinerRecord | undefined,
): Node | undefined {
  const members = answerers.filter((other) => other.group === group)
  if (group.sharing!.by === 'first') return members.find(({ member }) => member === 0)
  return members.find(({ hotkey }) => (recordOf(hotkey)?.penalisedUntil ?? 0) <= round) ?? members[0]
}

function drawWorth({ group }: Node, random: Random): Pick<SimulatedAnswer, 'worth' | 'isRight'> {
  const chance = random()
  if (group.quality === undefined) {
    const isRight = chance < group.pRight
    return { worth: isRight ? 1 : 0, isRight }
  }
  const [low, high] = group.quality
  const worth = low + chance * (high - low)
  return { worth, isRight: worth >= 0.5 }
}
