import Table from 'cli-table3'
import { tao } from './expectations.ts'
import type { DemoFacts } from './facts.ts'

const PLAIN = { head: [], border: [] }

/** The subnet at a glance, for a terminal. */
export function renderTable(facts: DemoFacts): string {
  const miners = new Table({
    style: PLAIN,
    head: [
      'uid',
      'miner',
      'declares',
      'accepted',
      'rejected',
      'missed',
      'win rate',
      'score',
      'weight',
      'earned',
    ],
    colAligns: ['right', 'left', 'left', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
  })
  for (const miner of facts.miners) {
    miners.push([
      miner.uid,
      miner.name,
      miner.model,
      miner.accepted,
      miner.rejected,
      miner.missed,
      miner.winRate === null ? '–' : miner.winRate.toFixed(2),
      miner.score.toFixed(3),
      Math.round(miner.weight),
      tao(miner.emissionRao),
    ])
  }
  const validators = new Table({
    style: PLAIN,
    head: ['uid', 'validator', 'weights set', 'dividends', 'vtrust', 'earned'],
    colAligns: ['right', 'left', 'right', 'right', 'right', 'right'],
  })
  for (const { uid, name, weightsSet, dividends, vtrust, emissionRao } of facts.validators) {
    validators.push([uid, name, weightsSet, share(dividends), share(vtrust), tao(emissionRao)])
  }
  const { chain, seconds } = facts
  const head = `block ${chain.blocks} · ${chain.epochs} paid epochs · ${Math.round(seconds)} s`
  return [head, miners.toString(), validators.toString()].join('\n')
}

function share(u16: number): string {
  return `${((u16 / 65_535) * 100).toFixed(1)} %`
}
