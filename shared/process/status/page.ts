import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { STATUS_STYLE } from './page/style.ts'

const { resolve } = createRequire(import.meta.url)

/** The page, which needs nothing but itself and its stream, and the policy under which a browser holds it to that. */
export interface Page {
  readonly html: string
  readonly policy: string
}

/** Reads uPlot from node_modules once; what is served afterwards is one text. */
export function renderPage(): Page {
  const style = readFileSync(resolve('uplot/dist/uPlot.min.css'), 'utf8') + STATUS_STYLE
  const plot = readFileSync(resolve('uplot/dist/uPlot.iife.min.js'), 'utf8')
  const client = readFileSync(new URL('./page/client.js', import.meta.url), 'utf8')
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Starling</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<header><h1 id="title">Starling</h1><span id="state">…</span><div id="subtitle"></div></header>
<ul id="reasons" hidden></ul>
<div id="figures"></div>
<div id="charts"></div>
<div id="tables"></div>
<footer><a href="readyz">readyz</a><a href="metrics">metrics</a><a href="status.json">status.json</a><span id="line">connecting</span></footer>
<script>${plot}</script>
<script type="module">${client}</script>
</body>
</html>
`
  const sources = {
    'default-src': `'none'`,
    'script-src': `${hashOf(plot)} ${hashOf(client)}`,
    'style-src': hashOf(style),
    'connect-src': `'self'`,
    'img-src': 'data:',
    'base-uri': `'none'`,
    'form-action': `'none'`,
    'frame-ancestors': `'none'`,
  }
  const policy = Object.entries(sources)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ')
  return { html, policy }
}

/** Only an inline script or style with these very bytes runs. */
function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
