/** Ids below this can be told apart in a key: 32 bits of logit and 21 of id fill a double exactly. */
const IDS = 2 ** 21

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

/**
 * Ids of the `count` highest logits by falling logit, ties to the lower id. Each pair becomes one number that sorts like it,
 * as sorting with a comparison function costs more than the decode step that it follows.
 */
export function rank(logits: Float32Array, count: number): number[] {
  const keys = count < logits.length / 2 ? highestKeys(logits, count) : allKeys(logits)
  const ids = new Array<number>(count)
  for (let place = 0; place < count; place++) ids[place] = IDS - 1 - (-keys[place]! % IDS)
  return ids
}

/** Negative, so that ascending order is falling logit. */
function keyOf(logit: number, token: number): number {
  // + 0 makes −0 into 0, which is equal to it.
  float[0] = logit + 0
  const raw = bits[0]!
  const ordered = raw >= 0x80000000 ? ~raw >>> 0 : raw + 0x80000000
  return -(ordered * IDS + (IDS - 1 - token))
}

function allKeys(logits: Float32Array): Float64Array {
  const keys = new Float64Array(logits.length)
  for (let token = 0; token < keys.length; token++) keys[token] = keyOf(logits[token]!, token)
  return keys.sort()
}

/** By insertion: nearly every token is ruled out by the lowest one kept so far. */
function highestKeys(logits: Float32Array, count: number): Float64Array {
  const keys = new Float64Array(count)
  for (let token = 0; token < logits.length; token++) {
    const key = keyOf(logits[token]!, token)
    if (key >= keys[count - 1]!) continue
    let place = count - 1
    for (; place > 0 && keys[place - 1]! > key; place--) keys[place] = keys[place - 1]!
    keys[place] = key
  }
  return keys
}
