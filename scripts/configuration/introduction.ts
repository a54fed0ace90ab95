/** What stands above the tables. */
export const INTRODUCTION = `# Configuration

<!-- Written by \`npm run configuration\` from miner/settings.ts, validator/settings.ts, validator/config.ts and
validator/scoring/config.ts. Edit those. -->

Miner and validator take each setting from the first of these that has it:

1. the flag: \`--axon.port 8091\`
2. the environment: \`STARLING_AXON_PORT=8091\`
3. the file that \`--config\` (or \`STARLING_CONFIG\`) names
4. the default

A variable that is set to nothing counts as not set. \`npm run miner -- config show\`, with whatever flags the miner is started with, prints every
value and which of these it came from; \`--json\` prints the same as JSON. Passwords and tokens in addresses are not shown.

**Flags** may be spelled with dots, dashes or underscores: \`--axon.external_ip\`, \`--axon-external-ip\` and \`--axon_external_ip\` are one flag. The
names of btcli 11, btcli 9 and the subnet template are understood where they mean the same (\`--network\`, \`--wallet\`, \`-w\`, \`-H\`,
\`--logging.debug\`); the tables say which. A switch has its opposite: \`--no-dedicated\` overrules \`"dedicated": true\` in a file.

**Variables** are \`STARLING_\` and the flag in capitals, with underscores: \`--max-batch\` is \`STARLING_MAX_BATCH\`. Those of Bittensor’s SDK that the
tables name hold, too; the one with \`STARLING_\` goes before them. Lists are written with commas. Switches are \`true\` or \`false\`.

**The file** is JSON. Keys are the flags without dashes in front, and a dot may be written as a level:

\`\`\`json
{
  "wallet": { "name": "validator" },
  "subtensor.network": "finney",
  "publish.keep": 1000,
  "round": { "maxTokens": 200 },
  "scoring": { "judgeShare": 0.25 }
}
\`\`\`

A key that is not known is an error, and the nearest one that is known is named. \`npm run validator -- config check FILE\` says whether a file is
valid, and what it sets. Paths in it are relative to the folder that the program is started in. \`round\` and \`scoring\` are the numbers of the validator’s rules: they have neither flags nor variables, and
validators of one subnet should agree on them.

**The programs** are npm scripts, and commands of one program: \`npm run miner -- --axon.port 8092\` and \`npx starling miner --axon.port 8092\` are the
same. After \`npm link\` it is \`starling\` everywhere, and \`starling completion bash\` (or \`zsh\`, \`fish\`) prints a script with which the shell completes
commands, flags and their values; \`starling completion --help\` says where to put it.`
