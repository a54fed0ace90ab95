import type { Setting } from './setting.ts'

const HIDDEN = '[hidden]'
/** Providers hand out keys as parts of a path: long words that are no words. */
const TOKEN = /^[\w-]{20,}$/

/** The value as it may be shown to whoever looks over the operator’s shoulder. */
export function hideSecret({ secret }: Pick<Setting, 'secret'>, value: unknown): unknown {
  if (secret === undefined || value === undefined) return value
  if (secret === 'whole') return HIDDEN
  return Array.isArray(value) ? value.map((url) => hideInUrl(String(url))) : hideInUrl(String(value))
}

/** An address without password, query and tokens in its path. */
function hideInUrl(text: string): string {
  if (!URL.canParse(text)) return HIDDEN
  const url = new URL(text)
  const user = url.username === '' && url.password === '' ? '' : `${HIDDEN}@`
  const path = url.pathname.split('/').map((part) => (TOKEN.test(part) ? HIDDEN : part))
  const query = url.search === '' ? '' : `?${HIDDEN}`
  const isBare = url.pathname === '/' && !text.endsWith('/')
  return `${url.protocol}//${user}${url.host}${isBare ? '' : path.join('/')}${query}`
}
