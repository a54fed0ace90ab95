import type { DemoFacts, Expectation, MinerFacts } from './facts.ts'
import type { Behaviour } from './scenario.ts'

/** Largest share of the least honest miner's emission that a caught cheat may have, in percent. */
const CHEAT_PERCENT = 1n

/** All that the demo promises, each with the numbers that decide it. */
export function checkExpectations(facts: DemoFacts, paidEpochs: number): Expectation[] {
  const of = (behaviour: Behaviour) => facts.miners.filter((miner) => miner.behaviour === behaviour)
  const honest = of('honest')
  const leastHonest = honest.map(({ emissionRao }) => emissionRao).reduce((a, b) => (a < b ? a : b))
  return [
    expectation('the chain paid miners', facts.chain.epochs >= paidEpochs, `${facts.chain.epochs} epochs`),
    ...honest.flatMap((miner) => [
      expectation(`${miner.name} is accepted`, miner.accepted > 0 && miner.rejected === 0, counts(miner)),
      expectation(`${miner.name} is paid`, miner.emissionRao > 0n, tao(miner.emissionRao)),
    ]),
    ...of('weak').flatMap((miner) => [
      expectation(`${miner.name} is accepted`, miner.accepted > 0 && miner.rejected === 0, counts(miner)),
      expectation(
        `${miner.name} earns something, and less than every honest miner`,
        miner.emissionRao > 0n && miner.emissionRao < leastHonest,
        `${tao(miner.emissionRao)} against ${tao(leastHonest)}`,
      ),
    ]),
    ...[...of('substitute'), ...of('copycat')].flatMap((miner) => [
      expectation(`${miner.name} is rejected`, miner.rejected > 0, counts(miner)),
      expectation(
        `${miner.name} earns at most ${CHEAT_PERCENT} % of the least honest miner`,
        leastHonest > 0n && miner.emissionRao * 100n <= leastHonest * CHEAT_PERCENT,
        `${tao(miner.emissionRao)} against ${tao(leastHonest)}`,
      ),
    ]),
    ...of('faulty').flatMap((miner) => [
      expectation(
        `${miner.name} missed rounds and was restarted`,
        miner.missed > 0 && miner.restarts > 0,
        counts(miner),
      ),
      expectation(
        `${miner.name} was accepted again`,
        miner.acceptedAfterRestart > 0,
        `${miner.acceptedAfterRestart} accepted after the restart`,
      ),
      expectation(
        `${miner.name} earns less than every honest miner`,
        miner.emissionRao < leastHonest,
        `${tao(miner.emissionRao)} against ${tao(leastHonest)}`,
      ),
    ]),
    ...facts.validators.map(({ name, dividends, weightsSet }) =>
      expectation(
        `${name} set weights and has dividends`,
        dividends > 0 && weightsSet > 0,
        `${weightsSet} times, dividends ${dividends} of 65535`,
      ),
    ),
  ]
}

function expectation(name: string, ok: boolean, detail: string): Expectation {
  return { name, ok, detail }
}

function counts({ accepted, rejected, missed, restarts }: MinerFacts): string {
  return `${accepted} accepted, ${rejected} rejected, ${missed} missed, ${restarts} restarts`
}

/** Rao as TAO with three decimals. */
export function tao(rao: bigint): string {
  const milli = (rao + 500_000n) / 1_000_000n
  return `${milli / 1000n}.${String(milli % 1000n).padStart(3, '0')} TAO`
}
