import { blake2AsHex } from '@polkadot/util-crypto'
import { z } from 'zod'
import { StarlingError } from '../../process/errors.ts'
import type { ChainClient, WeightCommit } from '../chain-client.ts'
import { storageIndex } from '../commit-reveal/hash-commit.ts'
import { headerOf, headerSchema } from './block.ts'
import { infoOf } from './chain-info.ts'
import { matchCall } from './metadata.ts'
import { toHyperparameters, toMetagraph } from './metagraph.ts'
import type { Session } from './operations.ts'
import { CALLS } from './spec-table.ts'
import { fetchMetagraph, finalizedHash, readStorage, unknownSubnet, type Want } from './state-reader.ts'

type Reads = Pick<
  ChainClient,
  | 'info'
  | 'head'
  | 'blockHash'
  | 'metagraph'
  | 'hyperparameters'
  | 'epochSchedule'
  | 'weights'
  | 'weightCommits'
  | 'balance'
  | 'timestamp'
  | 'headerBytes'
  | 'commitmentOf'
>

/** The port's operations that only look. */
export function createReads(session: Session): Reads {
  const { connection } = session
  const read = async <const W extends readonly Want[]>(at: string, wants: W) =>
    readStorage(session.api, connection, at, wants)
  const headerNumber = async (hash: string) => {
    const header = await connection.request('chain_getHeader', [hash])
    return Number(z.object({ number: z.string() }).parse(header).number)
  }

  return {
    info: () => ({ ...infoOf(session.api), chainType: session.chainType }),
    async head() {
      const hash = await finalizedHash(connection)
      return { number: await headerNumber(hash), hash }
    },
    async blockHash(number) {
      const answer = await connection.request('chain_getBlockHash', [number])
      const hash = z.string().nullable().parse(answer)
      if (hash !== null) return hash
      throw new StarlingError('CHAIN_BLOCK_UNKNOWN', `the chain has no block ${number}`)
    },
    async timestamp(at) {
      const [now] = await read(at ?? (await finalizedHash(connection)), [['timestamp']])
      return now === 0 ? undefined : now
    },
    async metagraph(netuid, at) {
      const hash = at ?? (await finalizedHash(connection))
      const [found, [lastBlock, index, validatorTrust]] = await Promise.all([
        fetchMetagraph(session.api, connection, netuid, hash),
        read(hash, [
          ['lastEpochBlock', netuid],
          ['subnetEpochIndex', netuid],
          ['validatorTrust', netuid],
        ]),
      ])
      return toMetagraph(found, { lastBlock, index, validatorTrust })
    },
    async hyperparameters(netuid) {
      const hash = await finalizedHash(connection)
      const [found, stored] = await Promise.all([
        fetchMetagraph(session.api, connection, netuid, hash),
        read(hash, [
          ['stakeThreshold'],
          ['mechanisms', netuid],
          ['commitRevealVersion'],
          ['revealPeriod', netuid],
          ['bondsMovingAverage', netuid],
          ['bondsPenalty', netuid],
          ['yuma3', netuid],
          ['liquidAlpha', netuid],
          ['alphaValues', netuid],
          ['alphaSigmoidSteepness', netuid],
        ]),
      ])
      const timelocked = 'shape' in matchCall(session.api, CALLS.commitTimelockedWeights)
      return toHyperparameters(found, timelocked, stored)
    },
    async epochSchedule(netuid) {
      const hash = await finalizedHash(connection)
      const [block, [exists, tempo, lastEpochBlock, pendingEpochAt, epochIndex, blocksSinceLastStep]] =
        await Promise.all([
          headerNumber(hash),
          read(hash, [
            ['networksAdded', netuid],
            ['tempo', netuid],
            ['lastEpochBlock', netuid],
            ['pendingEpochAt', netuid],
            ['subnetEpochIndex', netuid],
            ['blocksSinceLastStep', netuid],
          ]),
        ])
      if (!exists) throw unknownSubnet(netuid)
      return { block, tempo, lastEpochBlock, pendingEpochAt, epochIndex, blocksSinceLastStep }
    },
    async weights({ netuid, uid, mechanism = 0 }) {
      const [row] = await read(await finalizedHash(connection), [
        ['weights', storageIndex(netuid, mechanism), uid],
      ])
      const sorted = [...row].sort(([a], [b]) => a - b)
      return { uids: sorted.map(([target]) => target), weights: sorted.map(([, weight]) => weight) }
    },
    async weightCommits({ netuid, hotkey, mechanism = 0 }) {
      const index = storageIndex(netuid, mechanism)
      const hash = await finalizedHash(connection)
      const [epoch, period, hashCommits] = await read(hash, [
        ['subnetEpochIndex', netuid],
        ['revealPeriod', netuid],
        ['hashCommits', index, hotkey],
      ])
      const oldest = Math.max(0, epoch - period)
      // In a block whose epoch was put off, a commit already counts to the epoch to come.
      const epochs = Array.from({ length: epoch + 2 - oldest }, (_, i) => oldest + i)
      const queues = await read(
        hash,
        epochs.map((of) => ['timelockedCommits', index, of] as const),
      )
      const timelocked = epochs.flatMap((of, i) =>
        (queues[i] ?? []).filter(([who]) => who === hotkey).map((commit) => timelockedCommit(of, commit)),
      )
      const hashed = hashCommits
        .filter(([, of]) => of >= oldest)
        .map(([hash, of, block]) => ({ hash, block, epoch: of, revealRound: undefined }))
      return [...hashed, ...timelocked].sort((a, b) => a.block - b.block)
    },
    async balance(address) {
      const [{ data }] = await read(await finalizedHash(connection), [['account', address]])
      return data.free
    },
    async headerBytes(blockHash) {
      const answer = await connection.request('chain_getHeader', [blockHash])
      if (answer === null)
        throw new StarlingError('CHAIN_BLOCK_UNKNOWN', `the chain has no block ${blockHash}`)
      return headerOf(blockHash, headerSchema.parse(answer))
    },
    async commitmentOf(netuid, hotkey, at) {
      const hash = at ?? (await finalizedHash(connection))
      const [commitment] = await read(hash, [['commitment', netuid, hotkey]])
      return commitment ?? undefined
    },
  }
}

function timelockedCommit(
  epoch: number,
  [, block, bytes, revealRound]: readonly [string, number, string, number],
): WeightCommit {
  return { hash: blake2AsHex(bytes, 256), block, epoch, revealRound }
}
