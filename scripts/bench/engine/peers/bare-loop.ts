import type { OpenDriver } from './open-peer.ts'

/** Our own graphs in the plainest loop: one request at a time, no scheduler, no queue. What the engine adds shows beside it. */
export const openBareLoop: OpenDriver = (_model, _scratch, start, folder) =>
  start('bare-loop-driver.ts', {
    params: { folder },
    ways: { modes: { b1: ['calls'], c16: ['calls'] }, greedy: 'calls' },
  })
