import { type Finding, failure, ok, warning } from '../finding.ts'

/** What stands at a port that is to be listened on. */
export type PortState =
  | { readonly kind: 'free' }
  /** Held by a server that asks to be upgraded, as an axon does. */
  | { readonly kind: 'axon' }
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly code: string }

export interface PortFacts {
  readonly flag: string
  readonly ip: string
  readonly port: number
  readonly state: PortState
}

export function checkPort({ flag, ip, port, state }: PortFacts): Finding {
  const name = `${flag} ${port}`
  const where = `${ip}:${port}`
  switch (state.kind) {
    case 'free':
      return ok(name, `${where} is free`)
    case 'axon':
      return ok(name, `an axon listens on ${where}: this program’s, if it runs`)
    case 'taken':
      return failure(
        name,
        `another program listens on ${where}`,
        `stop it, or choose another port with ${flag}`,
      )
    case 'refused':
      return failure(name, `cannot listen on ${where}: ${state.code}`, refusedRemedy(state.code, flag))
  }
}

function refusedRemedy(code: string, flag: string): string {
  if (code === 'EADDRNOTAVAIL') return 'this machine has no such address: give 0.0.0.0, or one of ip address'
  if (code === 'EACCES') return `ports below 1024 belong to root: choose a higher one with ${flag}`
  return 'check the address'
}

export interface DialledFacts {
  /** What the axon binds. */
  readonly bound: string
  /** What goes on the chain. */
  readonly announced: { readonly ip: string; readonly port: number }
  /** Why validators refuse to dial that address; undefined where they do. */
  readonly objection: string | undefined
  /** Whether an axon answers at the announced address, asked from this machine; undefined where none is up. */
  readonly answers: boolean | undefined
}

/** Whether validators could reach the address, as far as that can be known from inside. */
export function checkDialled({ bound, announced, objection, answers }: DialledFacts): Finding {
  const name = 'reachable'
  const where = `${announced.ip}:${announced.port}`
  if (isAny(announced.ip)) {
    return failure(
      name,
      `${announced.ip} is no address to dial`,
      'give the one seen from outside: --axon.external_ip',
    )
  }
  if (announced.ip === '127.0.0.1' || announced.ip === '::1') {
    const remedy = '--axon.ip 0.0.0.0 and --axon.external_ip; on one machine --axon.ip 127.0.0.2'
    return failure(name, `the chain takes no ${announced.ip}`, remedy)
  }
  if (objection !== undefined)
    return warning(
      name,
      `${where}: ${objection}`,
      'on a devnet none is needed; elsewhere give a public address with --axon.external_ip, or have your own validators take --dial.private',
    )
  if (isLoopback(bound)) {
    const found = `it listens on ${bound} only, and ${where} goes on the chain`
    return warning(name, found, 'unless a tunnel leads here: --axon.ip 0.0.0.0')
  }
  if (answers === true) return ok(name, `${where} answers, asked from here; outside may differ`)
  if (answers === undefined) return ok(name, `${where}: not to be known before the miner runs`)
  const remedy =
    'open the port in the firewall and forward it at the router; some routers answer outside only'
  return warning(name, `${where} does not answer, asked from here`, remedy)
}

const isAny = (ip: string) => ip === '0.0.0.0' || ip === '::'
const isLoopback = (ip: string) => ip.startsWith('127.') || ip === '::1'
