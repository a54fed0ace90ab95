import type { Command } from 'commander'
import { terminalStep } from '../../shared/process/step.ts'

/** A program that `starling NAME` runs. Loaded when it is named: some take seconds, and most are not wanted. */
export interface Program {
  readonly name: string
  readonly description: string
  readonly load: () => Promise<Command>
}

export const PROGRAMS: readonly Program[] = [
  {
    name: 'demo',
    description: 'a chain, validators and miners on this machine, some of them cheats, and who is paid',
    load: async () => (await import('../demo.ts')).command,
  },
  {
    name: 'doctor',
    description: 'whether a miner or a validator with these flags would run and earn',
    load: async () => (await import('../doctor.ts')).command,
  },
  {
    name: 'miner',
    description: 'serve generation and judging to validators',
    load: async () => (await import('../../miner/main.ts')).command,
  },
  {
    name: 'validator',
    description: 'challenge, audit and rank miners, and set their weights',
    load: async () => (await import('../../validator/main.ts')).command,
  },
  {
    name: 'wallet',
    description: 'make, show and use hotkeys',
    load: async () => (await import('../wallet.ts')).command,
  },
  {
    name: 'register',
    description: 'register a hotkey on a subnet for at most a given price',
    load: async () => (await import('../register.ts')).command,
  },
  {
    name: 'stake',
    description: 'stake on a hotkey, for devnets',
    load: async () => (await import('../stake.ts')).command,
  },
  {
    name: 'devnet',
    description: 'a local chain in one process',
    load: async () => (await import('../devnet.ts')).command,
  },
  {
    name: 'audit',
    description: 'verify published rounds again from their files; needs no key and no place on a subnet',
    load: async () => {
      const { auditCommand } = await import('../../validator/audit-file/command.ts')
      return auditCommand(async (files, flags) => {
        const { runAudit } = await import('../../validator/audit-file/run-audit.ts')
        await runAudit(files, flags, (text) => process.stdout.write(text), terminalStep())
      })
    },
  },
  {
    name: 'referee',
    description: 'settle disputes about answers, without the model',
    load: async () => (await import('../referee/command.ts')).refereeCommand(),
  },
  {
    name: 'check-backend',
    description: 'what a server elsewhere can be used for',
    load: async () => (await import('../check-backend.ts')).command,
  },
  {
    name: 'gpu-check',
    description: 'what this machine’s graphics card computes, and how fast',
    load: async () => (await import('../gpu-check.ts')).command,
  },
  {
    name: 'calibrate',
    description: 'measure how far apart two classes compute, for a model’s sketches',
    load: async () => (await import('../calibrate.ts')).command,
  },
  {
    name: 'registry',
    description: 'write the registry of declared models',
    load: async () => (await import('../registry.ts')).command,
  },
  {
    name: 'export',
    description: 'write a model in a form that other programs read',
    load: async () => (await import('../export.ts')).command,
  },
  {
    name: 'train',
    description: 'train a model on generated data',
    load: async () => (await import('../train.ts')).command,
  },
  {
    name: 'bench',
    description: 'measure one part of the project',
    load: async () => (await import('../bench.ts')).command,
  },
  {
    name: 'completion',
    description: 'print what makes a shell complete all of this',
    load: async () => (await import('../completion/command.ts')).completionCommand(),
  },
]
