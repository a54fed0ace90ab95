/**
 * One printable character for each byte, as byte-level BPE writes its vocabulary (Radford et al. 2019, GPT-2): bytes that
 * print in Latin-1 stand for themselves, the others follow from U+0100 in order.
 */
export const BYTE_ALPHABET: readonly string[] = byteAlphabet()

function byteAlphabet(): string[] {
  const prints = (byte: number) =>
    byte >= 0x21 && byte !== 0x7f && !(byte > 0x7f && byte < 0xa1) && byte !== 0xad
  let next = 0x100
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(prints(byte) ? byte : next++))
}
