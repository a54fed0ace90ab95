import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CHAIN_DIR } from '../../shared/chain/devnet/runtime-artifact.ts'
import { signerFromUri } from '../../shared/chain/wallet/dev-keys.ts'

/** Neurons of the largest preset, `subnet-256`. */
const ROLES = { validator: 64, miner: 192 }

/** Rust source of the presets' public keys. Deriving them takes curve arithmetic that the runtime does not carry. */
export function devKeysSource(): string {
  const tables = Object.entries(ROLES).map(([role, count]) => {
    const rows = Array.from({ length: count }, (_, index) => {
      const uri = `//${role}//${index + 1}`
      return [uri, `//coldkey${uri}`].map((key) => hexOf(signerFromUri(key).publicKey)).join(' ')
    })
    return [
      `/// Hotkey \`//${role}//N\` and coldkey \`//coldkey//${role}//N\`, a line for each N from 1.`,
      `pub static ${role.toUpperCase()}S: [[[u8; 32]; 2]; ${count}] = decode(`,
      `\t"\\\n${rows.join('\n')}\n",`,
      ');',
    ].join('\n')
  })
  return `${HEADER}\n${tables.map((table) => `#[rustfmt::skip]\n${table}\n`).join('\n')}`
}

const HEADER = `//! Public keys of the presets' neurons. Written by \`npx tsx scripts/chain/dev-keys.ts\`; do not edit.

/// Hexadecimal digits, each group of 64 a key, whatever stands between them.
const fn decode<const N: usize>(text: &str) -> [[[u8; 32]; 2]; N] {
	let text = text.as_bytes();
	let mut keys = [[[0; 32]; 2]; N];
	let (mut digits, mut at) = (0, 0);
	while at < text.len() {
		let digit = match text[at] {
			digit @ b'0'..=b'9' => digit - b'0',
			digit @ b'a'..=b'f' => digit - b'a' + 10,
			_ => {
				at += 1;
				continue;
			}
		};
		let byte = &mut keys[digits / 128][digits / 64 % 2][digits % 64 / 2];
		*byte = *byte << 4 | digit;
		digits += 1;
		at += 1;
	}
	assert!(digits == N * 128);
	keys
}
`

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

if (process.argv[1] === import.meta.filename) {
  await writeFile(join(CHAIN_DIR, 'runtime/src/dev_keys.rs'), devKeysSource())
}
