import { signerFromUri } from '../../shared/chain/wallet/dev-keys.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import { silentLog } from '../../shared/process/logging.ts'
import type { PublicationEntry } from '../../validator/store/entries.ts'
import { createPublisher, type Publisher } from '../../validator/weights/publisher.ts'
import { createFakeWeightsChain, type FakeChainOptions } from './fake-weights-chain.ts'

export const validator = signerFromUri('//Alice')
export const HOTKEYS = ['first', validator.address, 'second', 'third']

/** Thrown where the test lets the process die. */
export class Crash extends Error {}

/**
 * A validator on a fake chain: a process that can die at any step, a journal and scores that outlive it. One step is one
 * side of a call or of a journal entry.
 */
export function createWorld(rules: FakeChainOptions['rules'] = {}) {
  const journal: PublicationEntry[] = []
  const chain = createFakeWeightsChain({
    signer: validator,
    hotkeys: HOTKEYS,
    rules,
    opened: (hash) =>
      journal.find((entry) => entry.kind === 'weights-intent' && entry.hash === hash) as never,
  })
  let publisher: Publisher
  let [isDead, steps, dieAt] = [false, 0, Number.POSITIVE_INFINITY]
  let round = -1
  let scores: Record<string, { score: number }> = {}
  let ms = 1_800_000_000_000
  let drawn = 0
  /** How far the wall clock is off. */
  let offMs = 0
  let isFull = (_entry: PublicationEntry) => false

  const step = () => {
    steps += 1
    if (steps >= dieAt) isDead = true
    if (isDead) throw new Crash('the process died')
  }
  /** A process that reads the journal and dies at its n-th step from here. */
  const start = (deathAt = Number.POSITIVE_INFINITY) => {
    isDead = false
    ;[steps, dieAt] = [0, deathAt]
    let isOwn = true
    const own = () => {
      if (!isOwn) throw new Crash('an earlier process')
      step()
    }
    const previous = kill
    kill = () => {
      isOwn = false
      previous()
    }
    publisher = createPublisher({
      chain: chain.client(own),
      signer: validator,
      netuid: 1,
      recorded: [...journal],
      record(entry) {
        own()
        if (isFull(entry)) throw new StarlingError('STATE_FULL', 'no space')
        journal.push(structuredClone(entry))
        own()
      },
      scores: { round: () => round, of: () => scores },
      clock: { now: () => ms + offMs, monotonic: () => ms },
      random: (bytes) => Uint8Array.from({ length: bytes }, () => (drawn++ * 37) % 256),
      log: silentLog(),
    })
  }
  let kill = () => {}
  start()

  return {
    chain,
    journal,
    isDead: () => isDead,
    steps: () => steps,
    restart(deathAt?: number) {
      kill()
      start(deathAt)
    },
    setClock(off: number) {
      offMs = off
    },
    /** The journal takes no entry that it is true of. */
    fillDisk(full: (entry: PublicationEntry) => boolean) {
      isFull = full
    },
    /** A settled round, with weights that tell it from others. */
    settle(next: number, more: Record<string, number> = {}) {
      round = next
      const all = { first: 1, second: 0.25 + (next % 500) / 1_000, ...more }
      scores = Object.fromEntries(Object.entries(all).map(([hotkey, score]) => [hotkey, { score }]))
    },
    /** One block, seen by the process if it lives. */
    async block() {
      ms += 12_000
      const header = chain.produce()
      if (!isDead) await publisher.see(header)
    },
    async until(block: number) {
      while (chain.header().number < block) await this.block()
    },
    outcomes: () => journal.flatMap((entry) => (entry.kind === 'weights-closed' ? [entry.outcome] : [])),
    kinds: () => chain.deeds.map(({ kind }) => kind),
  }
}

export type World = ReturnType<typeof createWorld>
