import { z } from 'zod'
import type { Device } from '../shared/inference/engine.ts'
import { SERVED_PRECISIONS } from '../shared/inference/precision.ts'
import { operatorSettings } from '../shared/process/operator-flags.ts'
import { setting } from '../shared/process/settings/setting.ts'
import {
  choiceType,
  portType,
  positiveType,
  shareType,
  switchType,
  textType,
  wholeNumberType,
} from '../shared/process/settings/values.ts'
import { STATUS_PORTS, statusSettings } from '../shared/process/status/settings.ts'

const DEVICES = ['auto', 'cpu', 'cuda', 'webgpu'] as const satisfies Device[]

/** What runs the model: the engine of our own, or a server elsewhere. */
const engineSettings = {
  model: setting(textType.default('models/small'), 'model to serve, and to declare', { value: 'folder' }),
  device: setting(
    choiceType(DEVICES).default('cpu'),
    'what to run it on; auto takes the first that passes its self-test',
    { value: 'name' },
  ),
  precision: setting(
    choiceType(SERVED_PRECISIONS).default('fp32'),
    'of the model’s matrices; q4b32a8, 4-bit integers, runs on the CPU only',
    { value: 'name' },
  ),
  threads: setting(positiveType.default(1), 'threads of the engine', { value: 'n' }),
  maxBatch: setting(positiveType.exactOptional(), 'answers that are written at once', { value: 'n' }),
  maxQueue: setting(wholeNumberType.exactOptional(), 'answers that may wait for their turn', { value: 'n' }),
  dedicated: setting(
    switchType.default(false),
    'let threads spin: faster where nothing else needs the cores',
  ),
  'backend.url': setting(
    textType.exactOptional(),
    'OpenAI-compatible server (vLLM, SGLang, TGI, llama.cpp, Ollama) that runs the model instead',
    { value: 'url', secret: 'url' },
  ),
  'backend.model': setting(
    textType.exactOptional(),
    'the model’s name on that server; its only one unless told',
    { value: 'name' },
  ),
  'backend.key_env': setting(textType.exactOptional(), 'environment variable that holds the server’s key', {
    value: 'name',
  }),
}

/** Every setting of the miner: its flags, its environment, its file. */
export const minerSettings = z.strictObject({
  ...operatorSettings.shape,
  ...statusSettings(STATUS_PORTS.miner),
  ...engineSettings,
  'axon.ip': setting(textType.default('127.0.0.1'), 'address to listen on; 0.0.0.0 opens it to the network', {
    value: 'ip',
    env: ['BT_AXON_IP'],
  }),
  'axon.port': setting(portType.default(8091), 'port to listen on; 0 picks a free one', {
    value: 'n',
    env: ['BT_AXON_PORT'],
  }),
  'axon.external_ip': setting(textType.exactOptional(), 'address that validators dial, where it differs', {
    value: 'ip',
    env: ['BT_AXON_EXTERNAL_IP'],
  }),
  'axon.external_port': setting(portType.exactOptional(), 'port that validators dial, where it differs', {
    value: 'n',
    env: ['BT_AXON_EXTERNAL_PORT'],
  }),
  'axon.tls.cert': setting(textType.exactOptional(), 'PEM certificate to speak TLS (wss) with; any will do', {
    value: 'file',
  }),
  'axon.tls.key': setting(textType.exactOptional(), 'PEM private key of that certificate', {
    value: 'file',
  }),
  'axon.external_tls': setting(
    switchType.default(false),
    'say on chain that TLS is spoken: a proxy in front of the port speaks it',
  ),
  'axon.outbound': setting(
    switchType.default(false),
    'listen nowhere, and dial the validators that have a gate: for miners behind NAT',
  ),
  'dial.private': setting(
    switchType.default(false),
    'dial private and reserved addresses, too; on a devnet they always are',
  ),
  'blacklist.min_stake': setting(wholeNumberType.default(0), 'least stake of a validator that is served', {
    value: 'tao',
    unit: 'TAO',
  }),
  'plant.rate': setting(
    shareType.exactOptional(),
    'answer so many challenges wrongly, to find validators that do not look; each costs this hotkey its score',
    { value: 'share' },
  ),
  'plant.secret': setting(
    textType.exactOptional(),
    'which challenges those are: made when it is not there, and kept',
    { value: 'file' },
  ),
  state: setting(textType.exactOptional(), 'receipts', {
    value: 'folder',
    defaultText: '~/.starling/miners/<hotkey>/netuid<n>',
  }),
  'shutdown.seconds': setting(
    wholeNumberType.default(120),
    'after a signal: how long it may take to reveal what was committed to',
    { value: 'n', unit: 'seconds' },
  ),
  config: setting(textType.exactOptional(), 'JSON with settings; flags and environment overrule it', {
    value: 'file',
  }),
})
export type MinerFlags = z.infer<typeof minerSettings>
