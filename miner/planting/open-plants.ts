import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { StarlingError } from '../../shared/process/errors.ts'
import { MOST_PLANTED, type Plants } from '../../shared/proof/plants/plants.ts'
import { formatPlants, parsePlants } from '../../shared/proof/plants/plants-file.ts'

export interface PlantFlags {
  'plant.rate'?: number
  'plant.secret'?: string
}

/**
 * What the flags say about planting; undefined without them. A secret is made on the first start and kept from then on: what was
 * committed to can't be planted at another rate, or under another name.
 * @param hotkey ss58
 * @throws StarlingError PLANT_FLAGS, PLANT_RATE, PLANT_OTHER, PLANTS_INVALID, PLANT_SECRET_UNWRITABLE
 */
export function openPlants(
  { 'plant.rate': rate, 'plant.secret': path }: PlantFlags,
  hotkey: string,
  randomBytes: (count: number) => Uint8Array,
): Plants | undefined {
  if (rate === undefined && path === undefined) return undefined
  if (rate === undefined || path === undefined) {
    const remedy = 'give both, or neither: see docs/operations.md'
    throw new StarlingError('PLANT_FLAGS', '--plant.rate and --plant.secret belong together', remedy)
  }
  if (!(rate > 0 && rate <= MOST_PLANTED)) {
    throw new StarlingError(
      'PLANT_RATE',
      `--plant.rate ${rate} is not above 0 and at most ${MOST_PLANTED}`,
      'a few planted answers find a validator that does not look; more cost you more and say no more',
    )
  }
  const wanted = Math.max(1, Math.round(rate * 1e6)) / 1e6
  if (!existsSync(path)) return writePlants(path, { secret: randomBytes(32), hotkey, rate: wanted })
  const plants = parsePlants(readFileSync(path, 'utf8'), path)
  if (plants.rate === wanted && plants.hotkey === hotkey) return plants
  throw new StarlingError(
    'PLANT_OTHER',
    `${path} was committed to for ${plants.hotkey} at a rate of ${plants.rate}`,
    'plant as it says, or name a file that is not there yet, for a secret and a commitment of its own',
  )
}

function writePlants(path: string, plants: Plants): Plants {
  try {
    writeFileSync(path, formatPlants(plants), { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    const remedy = 'name a file in a folder that can be written'
    throw new StarlingError('PLANT_SECRET_UNWRITABLE', `can’t write the secret to ${path}`, remedy, { cause })
  }
  return plants
}
