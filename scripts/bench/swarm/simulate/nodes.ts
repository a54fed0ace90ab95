import { hashText } from '../../../../shared/proof/hash.ts'
import type { Group, Scenario } from './scenario.ts'

/** A simulated miner: what roles, scoring and its own cheats need to know of it. */
export interface Node {
  /** Its place among all nodes of the scenario. */
  readonly index: number
  readonly hotkey: string
  readonly publicKey: Uint8Array
  readonly coldkey: string
  readonly model: string
  readonly group: Group
  /** Its place in its group. */
  readonly member: number
}

/** The nodes of a scenario, group by group. */
export function nodesOf({ groups }: Pick<Scenario, 'groups'>): Node[] {
  let index = 0
  return groups.flatMap((group) =>
    Array.from({ length: group.count }, (_, member) => {
      const hotkey = `${group.name}-${member}`
      const coldkey = group.coldkeys === 'one' ? group.name : hotkey
      const { model } = group
      return { index: index++, hotkey, publicKey: hashText(hotkey), coldkey, model, group, member }
    }),
  )
}
