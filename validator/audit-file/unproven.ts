/** What no file can show, however much is in it; each as a claim and who could tell. */
export const UNPROVEN: readonly string[] = [
  'that the headers are of the canonical chain: compare their hashes with a node (--subtensor.chain_endpoint)',
  'that the validator anchored once in this round: compare with a node that keeps old states, as every anchor stands on the chain',
  'who was registered, with which uid and coldkey, and the subnet’s rules for weights: compare with a node',
  'milliseconds, and so tokens a second: they are by the validator’s own clock, less its distance to the miner',
  'that a missed answer or verdict did not come, and that a refusal was one: only the miner knows better',
  'that every miner that could be reached was asked, and which model it declared on the connection',
  'that the validator’s own controls passed or failed',
  'that the round before is the last one that it settled, and that a first round is its first',
  'that the operator’s numbers (see notes) and granted levels are the subnet’s: compare with its registry',
]
