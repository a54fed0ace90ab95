const FORMATS = [
  { prefix: '$NACL', name: 'NaCl' },
  { prefix: '$ANSIBLE_VAULT', name: 'Ansible vault' },
  { prefix: 'gAAAAA', name: 'Fernet' },
] as const

/** Name of the encryption that a key file's first bytes announce, or undefined for a plain file. */
export function encryptionOf(contents: Uint8Array): string | undefined {
  const start = Buffer.from(contents.subarray(0, 16)).toString('latin1')
  return FORMATS.find(({ prefix }) => start.startsWith(prefix))?.name
}
