import {
  ALONE_LIMIT_SECONDS,
  ENGINE_LIMIT_SECONDS,
  HEAD_LIMIT_SECONDS,
} from '../../shared/process/health/rules.ts'

/** What stands before the tables of docs/metrics.md. */
export const INTRODUCTION = `# Health, metrics and the status page

<!-- Written by \`npm run metrics\` from miner/metrics.ts, validator/metrics.ts and scripts/metrics/. Edit those. -->

Miner and validator serve what an operator has to know on a port of their own: 9101 for a miner, 9100 for a validator, on 127.0.0.1. Where
that port is taken, another is used and named in the log (\`status page\`); a port given with \`--status.port\` must be free. \`--no-status\` serves nothing.

| path | what it says |
|---|---|
| \`/\` | the status page: scores, rounds, answers, sessions, engines, and why somebody is paid less than they might be; for a browser |
| \`/healthz\` | 200 while the process is alive and its event loop moves |
| \`/readyz\` | 200 when all is well, else 503 with one line for each reason |
| \`/metrics\` | series for Prometheus |
| \`/status.json\` | the same facts as JSON; \`npm run miner -- status\` reads it |
| \`/events\` | what the page listens to (server-sent events) |

There is no password. Another page in the operator’s browser learns nothing: only GET is answered, no other origin may read or frame an answer, and a request must
name an address or \`localhost\` as its host, so that no name elsewhere can be pointed at this machine. Where Prometheus asks by a name, as in a
compose network, give it with \`--status.hosts\`. Whoever opens the port to a network (\`--status.ip\`) puts something with a password in front.

## Ready or not

`

/** What each reason of \`/readyz\` means, from which limit, and what to do. */
export const REASONS: Readonly<Record<string, { readonly when: string; readonly act: string }>> = {
  HEAD_OLD: {
    when: `no block came for ${HEAD_LIMIT_SECONDS} s`,
    act: 'look at the endpoints; give more than one with `--subtensor.chain_endpoint`',
  },
  WRITES_STOPPED: {
    when: 'the chain’s runtime changed a call that this release uses',
    act: 'upgrade; until then scores are kept and nothing is sent',
  },
  NOT_REGISTERED: {
    when: 'the hotkey has no uid on the subnet, or the metagraph was not read yet',
    act: '`npm run register`',
  },
  ENGINE_DOWN: {
    when: `an engine was down for ${ENGINE_LIMIT_SECONDS} s, restarts included`,
    act: 'read the log: memory, model folder, or the server behind `--backend.url`',
  },
  STATE_UNSAVED: {
    when: 'scores, weights or receipts could not be written to disk',
    act: 'make room, or mend the disk; it is green again after the next write',
  },
  NO_SESSION: {
    when: `nobody was connected for ${ALONE_LIMIT_SECONDS / 60} minutes`,
    act: 'a miner: `npm run doctor`, firewall and `--axon.external_ip`; a validator: its network',
  },
  NO_PERMIT: { when: 'a validator without a permit, which does not own the subnet', act: 'more stake' },
  WEIGHTS_STALE: {
    when: 'a validator whose last weights, or commit of weights, are older than twice the longer of tempo and rate limit, and a round; never more than half of the activity cutoff',
    act: '`npm run validator -- weights plan` names the rule that refuses them',
  },
  AXON_UNPUBLISHED: {
    when: 'the chain still has another address of this miner',
    act: 'wait for the serving rate limit; the log says how many blocks',
  },
}

/** What stands between the reasons and the series. */
export const WATCHDOG = `
## Watchdog

A validator that stands still on a dead socket, and looks alive, is the best-known failure of this field. The client asks another endpoint long before that;
but whoever has seen no block for \`--watchdog.minutes\` (10) has tried all of them again and again, and ends itself with \`CHAIN_STALLED\` and exit code 1: first in
good order, and after 30 s without. A thread beside the event loop ends the process with SIGKILL when the loop has not moved for as long. Both count on a supervisor that starts
the process anew (\`Restart=on-failure\` in deploy/systemd, \`restart: unless-stopped\` in compose.yaml). State survives that at any moment. A chain that stands
still itself costs a restart every ten minutes and no state. \`0\` switches the watchdog off.

## Prometheus and Grafana

\`\`\`yaml
scrape_configs:
  - job_name: starling
    static_configs:
      - targets: ['127.0.0.1:9100', '127.0.0.1:9101']
\`\`\`

deploy/grafana/starling.json is a dashboard of all of this: import it and choose the data source. Alert on \`starling_ready == 0\` for 15 minutes, and on the absence of
\`starling_info\`. A label is never a stranger’s text: uids are below 256, codes and types come from closed lists (\`OTHER\` for the rest), models are the operator’s own. Beside the series below each program
has those of prom-client about its process: \`process_…\` and \`nodejs_…\` (memory, handles, event loop lag, garbage collection).

\`npm run bench -- watch\` measures what a scrape costs with 256 miners.
`
