/** Colours of every page that this project writes or serves, light and dark. */
export const PALETTE = `
:root{color-scheme:light dark;--ink:#1d2327;--faint:#6a747b;--soft:#475057;--paper:#fff;--head:#f5f7f8;--line:#e4e8eb;--rule:#d5dade;--good:#1a7f4b;--bad:#c0392b;--goodground:#e9f6ef;--badground:#fbe9e7;--panel:#fafbfb}
@media(prefers-color-scheme:dark){:root{--ink:#dfe4e7;--faint:#a9b3b9;--soft:#a9b3b9;--paper:#15191c;--head:#1f2529;--line:#2c343a;--rule:#2c343a;--good:#54b884;--bad:#f0705f;--goodground:#173226;--badground:#3d1d1a;--panel:#1a1f23}}
`
