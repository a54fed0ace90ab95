import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { StarlingError } from '../../../../shared/process/errors.ts'
import { typescriptLoader } from '../../../../shared/process/typescript-loader.ts'
import type {
  TargetDialled,
  TargetLook,
  TargetMessage,
  TargetOrder,
  TargetReady,
  TargetTask,
} from './target-messages.ts'

/** The attacked process. Every promise rejects when it has ended, which no attack may bring about. */
export interface Target {
  readonly ready: TargetReady
  look(collect?: boolean): Promise<TargetLook>
  dial(port: number, hotkey: string, times: number): Promise<TargetDialled>
  stop(): Promise<void>
}

export async function startTarget(task: TargetTask): Promise<Target> {
  const entry = new URL('target-main.ts', import.meta.url)
  const child = fork(entry, [JSON.stringify(task)], {
    execArgv: typescriptLoader(entry),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit').then(([code, signal]): never => {
    throw new StarlingError('BENCH_TARGET_ENDED', `the attacked process ended with ${code ?? signal}`)
  })
  ended.catch(() => {})
  const next = <Message extends TargetMessage>(type: Message['type']): Promise<Message> =>
    Promise.race([ended, heard<Message>(child, type)])
  const ask = <Message extends TargetMessage>(
    order: TargetOrder,
    type: Message['type'],
  ): Promise<Message> => {
    const answer = next<Message>(type)
    child.send(order)
    return answer
  }
  return {
    ready: await next<TargetReady>('ready'),
    look: (collect = false) => ask<TargetLook>({ type: 'look', collect }, 'looked'),
    dial: (port, hotkey, times) => ask<TargetDialled>({ type: 'dial', port, hotkey, times }, 'dialled'),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

function heard<Message extends TargetMessage>(child: ChildProcess, type: Message['type']): Promise<Message> {
  return new Promise((resolve) => {
    const listen = (message: TargetMessage): void => {
      if (message.type !== type) return
      child.off('message', listen)
      resolve(message as Message)
    }
    child.on('message', listen)
  })
}
