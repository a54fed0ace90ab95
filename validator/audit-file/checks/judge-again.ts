import { engineOf } from '../../engines.ts'
import { verdictFault } from '../../round/check-verdict.ts'
import { readVerdicts } from '../../round/read-verdicts.ts'
import { replayVerdicts } from '../../round/replay-verdicts.ts'
import type { OpenedVerdicts } from '../../round/types.ts'
import type { AuditModels } from '../models.ts'
import type { RoundFile } from '../read-round.ts'
import type { Fault } from '../report.ts'
import { faultOf } from '../same.ts'
import type { FileVerdict } from './verdicts.ts'

/** Reads every verdict again with its judge's model, replays again those that were replayed, and compares. */
export async function judgingFaults(
  { round }: RoundFile,
  verdicts: readonly FileVerdict[],
  validator: Uint8Array,
  { engines, calibrations }: Pick<AuditModels, 'engines' | 'calibrations'>,
): Promise<Fault[]> {
  const config = round.record.config.round
  const found = await Promise.all(
    verdicts.map(async ({ placed, field }): Promise<Fault[]> => {
      const { opening, judge } = field
      const { commit } = placed.record
      if (opening === undefined || commit === undefined) return []
      const engine = engineOf(engines, judge.model)
      if (engine === undefined) return [faultOf(placed, `there is no ${judge.model.name} to read it with`)]
      const { given, replays } = opening
      const wrong = verdictFault(field, validator, config, commit, opening, engine.text)
      if (wrong !== undefined) return [faultOf(placed, wrong)]
      const read = readVerdicts(field, given, engine.text)
      const numbers = replays.map(({ verdict }) => verdict)
      const again = await replayVerdicts(field, given, numbers, { engine, calibrations, config })
      const parted = readDifference(opening, read) ?? replayDifference(opening, again)
      return parted === undefined ? [] : [faultOf(placed, parted.why, parted.field)]
    }),
  )
  return found.flat()
}

type Parted = { readonly why: string; readonly field: string }

function readDifference(said: OpenedVerdicts, read: OpenedVerdicts['read']): Parted | undefined {
  const k = read.findIndex((verdict, i) => verdict !== said.read[i])
  if (k === -1) return undefined
  const why = `verdict ${k} says ${said.read[k] ?? 'neither'}, and its tokens say ${read[k] ?? 'neither'}`
  return { field: 'opening.read', why }
}

function replayDifference(said: OpenedVerdicts, again: OpenedVerdicts['replays']): Parted | undefined {
  const i = again.findIndex(({ result }, at) => result !== said.replays[at]!.result)
  if (i === -1) return undefined
  const { verdict, result } = said.replays[i]!
  const why = `verdict ${verdict} is a ${result}, and this audit says ${again[i]!.result}`
  return { field: `opening.replays.${i}.result`, why }
}
