import { z } from 'zod'
import { setting } from '../settings/setting.ts'
import { portType, switchType, textType, wholeNumberType } from '../settings/values.ts'

/** Settings of health, metrics and the status page. @param port that this program has unless told */
export function statusSettings<Port extends number>(port: Port) {
  return {
    status: setting(switchType.default(true), 'serve health, metrics and the status page'),
    'status.port': setting(
      portType.default(port),
      'port of health, metrics and the status page; 0 picks a free one',
      { value: 'n' },
    ),
    'status.ip': setting(
      textType.default('127.0.0.1'),
      'address of that port; there is no password, so open it to a network of your own only',
      { value: 'ip' },
    ),
    'status.hosts': setting(
      z.array(textType).default([]),
      'names beside localhost and addresses under which that port may be asked',
      { value: 'name...', defaultText: 'none' },
    ),
    'watchdog.minutes': setting(
      wholeNumberType.default(10),
      'minutes without a block, or of a standing event loop, after which the process ends itself; 0 switches that off',
      { value: 'n', unit: 'minutes' },
    ),
  }
}

/** Ports that programs have unless told; a second program of a kind on one machine takes a free one. */
export const STATUS_PORTS = { validator: 9100, miner: 9101 } as const

export interface StatusFlags {
  readonly status: boolean
  readonly 'status.port': number
  readonly 'status.ip': string
  readonly 'status.hosts': readonly string[]
  readonly 'watchdog.minutes': number
}
