import { isObject, Malformed, objectAt } from './malformed.ts'
import { evidenceShapes, type Members, type Shape } from './shape.ts'

/** What is wanted of one element, with the restrictions on it. */
export type Wanted =
  /** `values`: one of them it must be. */
  | { readonly is: 'value'; readonly values?: readonly unknown[]; readonly maxAgeSeconds?: number }
  | WantedParts
  /** Elements are wanted that meet any of these. */
  | { readonly is: 'list'; readonly anyOf: readonly Wanted[] }

export interface WantedParts extends Members {
  readonly is: 'parts'
  readonly parts: ReadonlyMap<string, Wanted>
}

const MOST_ELEMENTS = 10
const MOST_VALUES = 100

/** Stands for a restriction on what we have no data of. */
const NEVER: Wanted = { is: 'value', values: [] }

/**
 * Reads what is wanted of one element. `null` asks for an element without saying more (OpenID Connect Core, section 5.5.1), so of an object
 * what it cannot be without.
 * @param shape `claim`: a claim about the person, whose value may be any JSON
 * @returns undefined for what there is nothing to be had of
 * @throws Malformed
 */
export function readWanted(value: unknown, shape: Shape | { readonly is: 'claim' }, path: string): Wanted | undefined {
  switch (shape.is) {
    case 'text':
    case 'moment':
    case 'claim':
      return readLeaf(value, shape.is, path)
    case 'parts':
      return readParts(value === null ? {} : objectAt(value, path), shape, path)
    case 'list':
      return readList(value === null ? [null] : value, path, (element, at) => readWanted(element, shape.of, at))
    case 'evidence':
      // It has to be asked for one step deeper, by its type (section 5.4).
      return value === null ? undefined : readList(value, path, readEvidence)
    case 'ignored':
      return undefined
  }
}

/**
 * The members of an object. One that is not known here is ignored (Schema Definition, section 5.4), but not what it restricts: such data
 * must not be delivered as if it matched (section 5.5.1), so it never matches.
 */
export function readParts(
  members: Readonly<Record<string, unknown>>,
  { parts, always, needed }: { readonly parts: Readonly<Record<string, Shape>> } & Members,
  path: string,
): WantedParts {
  const wanted = new Map<string, Wanted>()
  for (const [name, value] of Object.entries(members)) {
    const shape = Object.hasOwn(parts, name) ? parts[name] : undefined
    const read = shape ? readWanted(value, shape, `${path}.${name}`) : restricts(value) ? NEVER : undefined
    if (read) wanted.set(name, read)
  }
  return { is: 'parts', parts: wanted, always, needed }
}

/** Whether there is a restriction somewhere in it. */
function restricts(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (isObject(value) && ['value', 'values', 'max_age'].some((name) => Object.hasOwn(value, name))) return true
  return Object.values(value).some(restricts)
}

function readList(value: unknown, path: string, read: (element: unknown, path: string) => Wanted | undefined): Wanted {
  if (!Array.isArray(value)) throw new Malformed(path, 'must be an array')
  if (value.length === 0) throw new Malformed(path, 'must not be empty')
  if (value.length > MOST_ELEMENTS) throw new Malformed(path, `must have at most ${MOST_ELEMENTS} elements`)
  return { is: 'list', anyOf: value.flatMap((element, index) => read(element, `${path}[${index}]`) ?? []) }
}

/** An entry names its type by `value`, and by nothing else (section 5.4). */
function readEvidence(value: unknown, path: string): Wanted {
  const { type, ...members } = objectAt(value, path)
  const { value: name, ...rest } = objectAt(type, `${path}.type`)
  if (typeof name !== 'string') throw new Malformed(`${path}.type.value`, 'must be a string')
  if (Object.hasOwn(rest, 'values')) throw new Malformed(`${path}.type.values`, 'must not be used')
  const shapes: Readonly<Record<string, Parameters<typeof readParts>[1]>> = evidenceShapes
  const shape = (Object.hasOwn(shapes, name) && shapes[name]) || { parts: {}, always: ['type'], needed: [] }
  return readParts({ ...members, type }, { ...shape, parts: { ...shape.parts, type: { is: 'text' } } }, path)
}

/** `null`, or the restrictions of OpenID Connect Core, section 5.5.1, with `max_age` (section 5.5.2); other members are ignored, as Core has it. */
function readLeaf(value: unknown, kind: 'text' | 'moment' | 'claim', path: string): Wanted {
  if (value === null) return { is: 'value' }
  if (!isObject(value)) throw new Malformed(path, 'must be null or an object')
  const { essential, value: one, values, max_age: maxAge } = value
  if (essential !== undefined && typeof essential !== 'boolean')
    throw new Malformed(`${path}.essential`, 'must be true or false')
  const wanted = readValues(one, values, kind, path)
  if (maxAge === undefined) return { is: 'value', ...(wanted && { values: wanted }) }
  if (kind === 'text') throw new Malformed(`${path}.max_age`, 'has no place where there is no date or time')
  if (!Number.isSafeInteger(maxAge) || (maxAge as number) < 0)
    throw new Malformed(`${path}.max_age`, 'must be a whole number of seconds, not negative')
  return { is: 'value', ...(wanted && { values: wanted }), maxAgeSeconds: maxAge as number }
}

function readValues(one: unknown, several: unknown, kind: string, path: string): readonly unknown[] | undefined {
  if (one !== undefined && several !== undefined) throw new Malformed(path, 'must have value or values, not both')
  if (several !== undefined && (!Array.isArray(several) || several.length === 0 || several.length > MOST_VALUES))
    throw new Malformed(`${path}.values`, `must be an array of 1 to ${MOST_VALUES} elements`)
  const values = one === undefined ? (several as readonly unknown[] | undefined) : [one]
  if (kind !== 'claim' && values?.some((value) => typeof value !== 'string'))
    throw new Malformed(`${path}.${one === undefined ? 'values' : 'value'}`, 'must be of strings')
  return values
}
