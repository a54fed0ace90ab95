import type { Bar } from '../../suite.ts'
import type { Flooded } from './measure-floods.ts'

/** The worst of all attacks, for each thing that must hold, and what every attack did. */
export function barsOf(results: Readonly<Record<string, Flooded>>): Bar[] {
  const all = Object.entries(results)
  const worst = (of: (one: Flooded) => number) =>
    all.reduce((most, one) => (of(one[1]) > of(most[1]) ? one : most))
  const worstBar = (
    name: string,
    unit: string,
    of: (one: Flooded) => number,
    also: (one: Flooded) => string = () => '',
  ): Bar => {
    const [attack, found] = worst(of)
    return { name, unit, value: of(found), note: [attack, also(found)].filter(Boolean).join(': ') }
  }
  return [
    { name: 'floods.crashes', value: 0, unit: 'processes', floor: 0, note: `${all.length} attacks` },
    worstBar('floods.rss', 'MB above idle', ({ rssMost }) => rssMost),
    worstBar('floods.heap', 'MB left', ({ heapLeft }) => heapLeft),
    worstBar(
      'floods.p99',
      'ms of the honest',
      ({ during }) => during.p99,
      ({ before, during }) => `p50 ${ms(during.p50)}; before p50 ${ms(before.p50)}, p99 ${ms(before.p99)}`,
    ),
    { ...worstBar('floods.unanswered', 'honest requests', ({ unanswered }) => unanswered), floor: 0 },
    worstBar(
      'floods.turned-away',
      'honest newcomers',
      ({ turnedAway }) => turnedAway.length,
      ({ letIn, turnedAway }) => `${letIn} let in; ${turnedAway[0] ?? 'nobody'}`,
    ),
    worstBar('floods.blocked', 'ms', ({ blockedMs }) => blockedMs),
    { ...worstBar('floods.left', 'sockets', ({ leftSockets }) => leftSockets), floor: 0 },
    { ...worstBar('floods.timers', 'timers left', ({ leftTimers }) => leftTimers), floor: 0 },
    ...all.map(([name, one]): Bar => {
      const deeds = Object.entries(one.deeds).map(([deed, count]) => `${count} ${deed}`)
      return {
        name: `floods: ${name}`,
        value: one.during.p99,
        unit: 'ms of the honest, p99',
        note: [
          `${one.seconds} s`,
          `p50 ${ms(one.during.p50)}`,
          `CPU ${(100 * one.cpu).toFixed(0)} %`,
          `+${one.rssMost.toFixed(0)} MB`,
          `${one.held} held`,
          ...deeds,
        ].join(', '),
      }
    }),
  ]
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`
}
