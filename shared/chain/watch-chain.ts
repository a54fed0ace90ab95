import type { Clock } from '../process/clock.ts'
import type { ChainClient, Hyperparameters, Metagraph } from './chain-client.ts'

/** What a program has seen of the chain. Costs no request: it looks over the shoulder of whoever asks. */
export interface ChainWatch {
  /** To be given to `connectChain`, which calls it with every endpoint that it takes into use. */
  connected(endpoint: string): void
  /** The client, seen through this watch. */
  follow<C extends ChainClient>(chain: C): C
  /** The newest block, and the seconds since it came, or since the watch began where none came. */
  head(): { readonly block: number | undefined; readonly ageSeconds: number }
  /** The newest that was read. */
  metagraph(): Metagraph | undefined
  hyperparameters(): Hyperparameters | undefined
  endpoint(): string | undefined
  connections(): number
  switches(): number
  failures(): number
  close(): void
}

/** @param clock of which only the monotonic side is read: a wall clock that is set says nothing of the chain */
export function watchChain(netuid: number, clock: Clock): ChainWatch {
  let seenAt = clock.monotonic()
  let block: number | undefined
  let metagraph: Metagraph | undefined
  let rules: Hyperparameters | undefined
  let endpoint: string | undefined
  let connections = 0
  let switches = 0
  let failures = 0
  let unsubscribe = () => {}

  const failed = (error: unknown): never => {
    failures++
    throw error
  }
  return {
    connected(next) {
      connections++
      if (endpoint !== undefined && endpoint !== next) switches++
      endpoint = next
    },
    follow(chain) {
      unsubscribe = chain.onBlock((header) => {
        block = header.number
        seenAt = clock.monotonic()
      })
      return {
        ...chain,
        async metagraph(of, at) {
          const read = await chain.metagraph(of, at).catch(failed)
          // Of an older block where `at` is given, or where an endpoint is behind.
          if (of === netuid && read.block >= (metagraph?.block ?? 0)) metagraph = read
          return read
        },
        async serveAxon(signer, args) {
          const receipt = await chain.serveAxon(signer, args)
          // Whoever wrote it need not read the whole metagraph again to know.
          if (metagraph !== undefined && args.netuid === netuid) {
            const { ip, port } = args
            const neurons = metagraph.neurons.map((neuron) =>
              neuron.hotkey === signer.address ? { ...neuron, axon: { ...neuron.axon, ip, port } } : neuron,
            )
            metagraph = { ...metagraph, neurons }
          }
          return receipt
        },
        async hyperparameters(of) {
          const read = await chain.hyperparameters(of).catch(failed)
          if (of === netuid) rules = read
          return read
        },
      }
    },
    head: () => ({ block, ageSeconds: (clock.monotonic() - seenAt) / 1000 }),
    metagraph: () => metagraph,
    hyperparameters: () => rules,
    endpoint: () => endpoint,
    connections: () => connections,
    switches: () => switches,
    failures: () => failures,
    close: () => unsubscribe(),
  }
}
