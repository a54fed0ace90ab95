import type { DemoFacts } from './facts.ts'

/** The demo's facts in the form that scripts read; rao travel as decimal strings, as they outgrow a double. */
export function demoJson(facts: DemoFacts, ok: boolean) {
  return {
    ok,
    seconds: Math.round(facts.seconds * 10) / 10,
    seed: facts.seed,
    chain: facts.chain,
    miners: facts.miners.map(({ emissionRao, ...miner }) => ({ ...miner, emissionRao: String(emissionRao) })),
    validators: facts.validators.map(({ emissionRao, ...validator }) => ({
      ...validator,
      emissionRao: String(emissionRao),
    })),
  }
}
