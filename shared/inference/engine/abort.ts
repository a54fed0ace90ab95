import { StarlingError } from '../../process/errors.ts'

export function abortError(): StarlingError {
  return new StarlingError('REQUEST_ABORTED', 'the request was aborted by its caller')
}
