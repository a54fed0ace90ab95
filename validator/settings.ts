import { z } from 'zod'
import { SERVED_PRECISIONS } from '../shared/inference/precision.ts'
import { operatorSettings } from '../shared/process/operator-flags.ts'
import { setting } from '../shared/process/settings/setting.ts'
import {
  choiceType,
  portType,
  positiveType,
  switchType,
  textType,
  wholeNumberType,
} from '../shared/process/settings/values.ts'
import { STATUS_PORTS, statusSettings } from '../shared/process/status/settings.ts'
import { roundConfigSchema } from './config.ts'
import { scoringConfigSchema } from './scoring/config.ts'

/** Every setting of the validator: its flags, its environment, its file. */
export const validatorSettings = z.strictObject({
  ...operatorSettings.shape,
  ...statusSettings(STATUS_PORTS.validator),
  models: setting(textType.default('models'), 'folder of the models to verify with', { value: 'folder' }),
  registry: setting(textType.exactOptional(), 'registry of declared models', {
    value: 'file',
    defaultText: 'registry.json in that folder',
  }),
  threads: setting(wholeNumberType.default(1), 'threads of each engine', { value: 'n' }),
  classes: setting(
    z.array(choiceType(SERVED_PRECISIONS)).min(1, { error: 'Give one at least.' }).default(['fp32']),
    'in which models are held, and their answers verified',
    { value: 'precision...' },
  ),
  state: setting(textType.exactOptional(), 'scores and journal', {
    value: 'folder',
    defaultText: '~/.starling/validators/<hotkey>/netuid<n>',
  }),
  publish: setting(textType.exactOptional(), 'files of settled rounds', {
    value: 'folder',
    defaultText: 'rounds, in the --state folder',
  }),
  'publish.keep': setting(positiveType.default(500), 'rounds whose files stay; older ones are deleted', {
    value: 'n',
  }),
  'axon.port': setting(
    portType.exactOptional(),
    'port of the gate, where miners dial in that listen nowhere; none unless given',
    { value: 'n', env: ['BT_AXON_PORT'] },
  ),
  'axon.ip': setting(textType.default('127.0.0.1'), 'address of that port; 0.0.0.0 opens it to the network', {
    value: 'ip',
    env: ['BT_AXON_IP'],
  }),
  'axon.external_ip': setting(textType.exactOptional(), 'address that miners dial, where it differs', {
    value: 'ip',
    env: ['BT_AXON_EXTERNAL_IP'],
  }),
  'axon.external_port': setting(portType.exactOptional(), 'port that miners dial, where it differs', {
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
  'dial.private': setting(
    switchType.default(false),
    'dial private and reserved addresses, too; on a devnet they always are',
  ),
  'dispute.port': setting(
    portType.exactOptional(),
    'port at which referees are answered; none unless given',
    { value: 'n' },
  ),
  'dispute.ip': setting(
    textType.default('127.0.0.1'),
    'address of that port; 0.0.0.0 opens it to the network',
    { value: 'ip' },
  ),
  'shutdown.seconds': setting(
    wholeNumberType.default(120),
    'after a signal: how long the round under way may take to settle; it counts for nobody otherwise',
    { value: 'n', unit: 'seconds' },
  ),
  config: setting(
    textType.exactOptional(),
    'JSON with settings, and with { "round": …, "scoring": … } for numbers that differ from the defaults',
    { value: 'file' },
  ),
})
export type ValidatorFlags = z.infer<typeof validatorSettings>

/** Parts of the validator’s file that hold the numbers of the rules. */
export const validatorSections = { round: roundConfigSchema, scoring: scoringConfigSchema }
