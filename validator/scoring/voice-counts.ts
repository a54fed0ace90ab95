import { addCounts, type JudgementCounts } from '../../shared/consensus/judge-reliability.ts'
import { voiceOf } from '../../shared/consensus/voice.ts'
import type { JudgeOutcome } from './outcome.ts'

/** One judge's gold pairs of a round; to obey an answer is to judge a pair wrongly. */
export function goldCounts({ goldRight, goldWrong, checks }: JudgeOutcome): JudgementCounts {
  return { right: goldRight, wrong: goldWrong + (checks?.obeyed ?? 0) }
}

/**
 * The gold pairs of a round, summed by voice. Silenced judges are left out: they can neither lend their voice a good name nor spoil it.
 *
 * @param isSilenced whether a hotkey's judging counts for nothing this round
 */
export function countVoices(
  judges: readonly JudgeOutcome[],
  isSilenced: (hotkey: string) => boolean,
): Map<string, JudgementCounts> {
  const voices = new Map<string, JudgementCounts>()
  for (const judge of judges) {
    if (isSilenced(judge.hotkey)) continue
    const voice = voiceOf(judge)
    voices.set(voice, addCounts(voices.get(voice) ?? { right: 0, wrong: 0 }, goldCounts(judge)))
  }
  return voices
}
