/** Short words, so that a sentence holds many choices: the surprise of an answer comes from them. */
export const ANIMALS =
  'fox hen cat owl bee ram elk ant dog pig rat cow bat eel yak emu hare wolf bear frog crow goat toad mole lynx swan duck seal'.split(
    ' ',
  )

export const TRAITS =
  'shy red old sad odd big wet hot mad new tan raw wry icy apt coy dry fat gray blue bold calm cold dark deaf fast fine glad grim kind lame lean loud mild neat pale pink poor rich rude safe slim slow soft sore tall thin tiny vain warm weak wise'.split(
    ' ',
  )

export const THINGS =
  'pie hat jar bun key fig nut cup bag map pot rug fan jam egg bow urn box oar bell boot cake coat drum fork gift harp kite knot lamp leaf lute mask milk pear plum ring rope rose sail salt seed shoe soup tart vase wand'.split(
    ' ',
  )

export const PLACES =
  'mill barn cave dock farm gate hill inn lake moor oak park pier pond port road tent tree tower well wood yard abbey beach creek ditch field forge fort grove hut isle marsh mine shed shop'.split(
    ' ',
  )

export const WALKS =
  'ran hid sat sang went hopped slept swam crept danced prayed rested waited walked wept worked yawned dozed stood lay dug hummed played flew'.split(
    ' ',
  )

export const MEETS = 'met saw fed led bit hit hid paid kept lost found told asked heard liked chased'.split(
  ' ',
)

export const TAKES =
  'saw had ate hid won lost took sold kept made held found liked wanted broke stole bought burnt drew gave'.split(
    ' ',
  )

export const NEAR = 'by near at in behind past under beyond'.split(' ')

export const TIMES =
  'At dawn,At noon,At dusk,At night,Once,Today,Later,Soon,Again,In May,In June,In fall,Long ago,One day,At last,Now'.split(
    ',',
  )
