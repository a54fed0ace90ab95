import { StarlingError } from '../../process/errors.ts'

export function abortError(): StarlingError {
  return new StarlingError('REQUEST_ABORTED', 'the request was aborted by its caller')
}

export function deadlineError(): StarlingError {
  return new StarlingError(
    'DEADLINE_PASSED',
    'the answer was not complete at its deadline',
    'give it more time, or ask for fewer tokens',
  )
}

export function queueFullError(waiting: number): StarlingError {
  return new StarlingError('BUSY', `${waiting} requests wait already`, 'ask again later')
}

export function tooSlowError(estimateMs: number, deadlineMs: number): StarlingError {
  return new StarlingError(
    'BUSY',
    `an answer takes about ${Math.ceil(estimateMs)} ms from here, not ${Math.floor(deadlineMs)}`,
    'ask again later, or for fewer tokens',
  )
}
