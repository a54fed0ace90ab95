import { describe, expect, it } from 'vitest'
import { assignRoles } from '../../../shared/consensus/roles.ts'
import { hashText } from '../../../shared/proof/hash.ts'
import { dealRoles } from '../../../validator/round/deal-roles.ts'

const miners = Array.from({ length: 20 }, (_, i) => {
  const hotkey = `miner-${i}`
  return { hotkey, publicKey: hashText(hotkey), coldkey: hotkey }
})
const id = hashText('challenge')
const seats = { maxJudges: 3 }
const { judges: due } = assignRoles(id, miners)
const judgesOf = (silenced: readonly string[], candidates = miners) =>
  dealRoles(id, candidates, (hotkey) => silenced.includes(hotkey), seats).judges.map(({ hotkey }) => hotkey)

describe('roles of a challenge', () => {
  it('are judges in the order of their digests, as many as there are seats', () => {
    expect(judgesOf([])).toEqual(due.slice(0, 3))
    expect(judgesOf([], miners.toReversed())).toEqual(due.slice(0, 3))
  })

  it('ask silenced judges, and give their seats to others', () => {
    expect(judgesOf([due[0]!, due[2]!])).toEqual(due.slice(0, 5))
    expect(judgesOf([due[4]!])).toEqual(due.slice(0, 3))
    expect(judgesOf(due)).toEqual(due)
  })

  it('let nobody judge what its own coldkey answers', () => {
    const { answerers } = dealRoles(id, miners, () => false, seats)
    const owned = miners.map((miner) =>
      miner.hotkey === due[1] ? { ...miner, coldkey: answerers[0]!.coldkey } : miner,
    )
    expect(judgesOf([], owned)).toEqual([due[0], due[2], due[3]])
  })
})
