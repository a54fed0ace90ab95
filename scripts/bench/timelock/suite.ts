import { createHash } from 'node:crypto'
import { encodePayload } from '../../../shared/chain/commit-reveal/payload.ts'
import {
  openTimelockedCommit,
  type TimelockedCommitArgs,
  timelockedCommit,
} from '../../../shared/chain/commit-reveal/timelocked-commit.ts'
import { seededRandom } from '../../../shared/proof/random.ts'
import type { Suite } from '../suite.ts'
import { median, timeRuns } from '../timing.ts'
import { loadPeer } from './peer.ts'

const UIDS = 256
const ROUND = 1_000
/** drand quicknet's published signature of that round. */
const SIGNATURE = Uint8Array.from(
  Buffer.from(
    'b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39',
    'hex',
  ),
)

/** Timelocked commits, version 4, beside the implementation that the chain links. */
export const timelockSuite: Suite = {
  async run({ quick, seed, now }, report) {
    const runs = quick ? 5 : 50
    const uniform = seededRandom(createHash('sha256').update(`timelock/${seed}`).digest())
    const random = (bytes: number) => Uint8Array.from({ length: bytes }, () => Math.floor(uniform() * 256))
    const draw = (): TimelockedCommitArgs => ({
      hotkey: random(32),
      uids: Array.from({ length: UIDS }, (_, uid) => uid),
      weights: Array.from({ length: UIDS }, () => 1 + Math.floor(uniform() * 65_535)),
      versionKey: 0n,
      revealRound: ROUND,
      random,
    })
    const peer = loadPeer()
    const began = now()
    const commit = timelockedCommit(draw())
    const firstMs = now() - began

    let theyOpened = 0
    let weOpened = 0
    for (let run = 0; run < runs; run++) {
      report('commits opened by each other', run, runs)
      const args = draw()
      const payload = encodePayload(args)
      if (Buffer.compare(peer.decrypt(timelockedCommit(args), SIGNATURE), payload) === 0) theyOpened++
      const opened = openTimelockedCommit(peer.encrypt(payload, ROUND, random(32)), SIGNATURE)
      if (Buffer.compare(encodePayload(opened), payload) === 0) weOpened++
    }
    const ours = draw()
    const plain = encodePayload(ours)
    // In turns, so that both meet the same machine.
    const timings: { encrypt: number[]; peer: number[]; open: number[] } = { encrypt: [], peer: [], open: [] }
    for (let run = 0; run < runs; run++) {
      report('commits timed', run, runs)
      timings.encrypt.push(...(await timeRuns(1, now, () => timelockedCommit(ours))))
      timings.peer.push(...(await timeRuns(1, now, () => peer.encrypt(plain, ROUND, random(32)))))
      timings.open.push(...(await timeRuns(1, now, () => openTimelockedCommit(commit, SIGNATURE))))
    }
    const encryptMs = median(timings.encrypt)
    return {
      raw: { runs, firstMs, timings },
      bars: [
        {
          name: 'timelock.bytes256',
          value: commit.length,
          unit: 'bytes',
          floor: plain.length,
          note: `${UIDS} uids; floor: the weights themselves; 1,400 at most`,
        },
        {
          name: 'timelock.theyOpened',
          value: theyOpened,
          unit: `of ${runs}`,
          note: 'made here, opened by arkworks',
        },
        {
          name: 'timelock.weOpened',
          value: weOpened,
          unit: `of ${runs}`,
          note: 'made by arkworks, opened here',
        },
        { name: 'timelock.encrypt256', value: encryptMs, unit: 'ms', note: `median of ${runs}; 300 at most` },
        { name: 'timelock.first', value: firstMs, unit: 'ms', note: 'the first of a process' },
        { name: 'timelock.open256', value: median(timings.open), unit: 'ms' },
        {
          name: 'timelock.peer',
          value: encryptMs / median(timings.peer),
          unit: 'ratio',
          note: `time, ours over arkworks’ in wasm (${median(timings.peer).toFixed(1)} ms)`,
        },
      ],
    }
  },
}
