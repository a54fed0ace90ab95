import type { Setting } from './setting.ts'

const NUMBER = /^-?\d+(\.\d+)?(e-?\d+)?$/i
const SWITCHES: Readonly<Record<string, boolean>> = {
  ...{ true: true, '1': true, yes: true, on: true },
  ...{ false: false, '0': false, no: false, off: false },
}

export type Checked = { readonly value: unknown } | { readonly problem: string }

/** What a flag’s or a variable’s text means. */
export function checkText(setting: Setting, text: string): Checked {
  return checkValue(setting, parsed(setting.kind, text))
}

/** Whether a value, as a file may hold it, is one of the setting’s. */
export function checkValue({ type }: Setting, value: unknown): Checked {
  const result = type.safeParse(value)
  if (result.success) return { value: result.data }
  return { problem: result.error.issues[0]!.message }
}

/** Text that is none of the kind goes on as text: the type’s own complaint quotes it. */
function parsed(kind: Setting['kind'], text: string): unknown {
  switch (kind) {
    case 'number':
      return NUMBER.test(text.trim()) ? Number(text) : text
    case 'boolean':
      return SWITCHES[text.trim().toLowerCase()] ?? text
    case 'list':
      return text.split(',').map((part) => part.trim())
    case 'text':
      return text
  }
}
