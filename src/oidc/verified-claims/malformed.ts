/** A request that is not as the specification has it. The message names the member; it may hold any characters that were sent. */
export class Malformed extends Error {
  override readonly name = 'Malformed'

  constructor(path: string, fault: string) {
    super(`${path} ${fault}`)
  }
}

const LONGEST = 16_384
const DEEPEST = 12

/** @throws Malformed for what is no JSON object */
export function objectAt(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (value === undefined) throw new Malformed(path, 'is missing')
  if (!isObject(value)) throw new Malformed(path, 'must be an object')
  return value
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Refuses what is too deep or too long before anything walks through it.
 * @throws Malformed
 */
export function measured(value: unknown, path: string): void {
  const open: [value: unknown, depth: number][] = [[value, 1]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [inner, depth] = next
    if (typeof inner !== 'object' || inner === null) continue
    if (depth > DEEPEST) throw new Malformed(path, `must be nested at most ${DEEPEST} deep`)
    for (const member of Object.values(inner)) open.push([member, depth + 1])
  }
  if (JSON.stringify(value).length > LONGEST) throw new Malformed(path, `must have at most ${LONGEST} characters`)
}
