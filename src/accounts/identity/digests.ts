import { keyedHash } from '#src/store/seal.ts'
import type { IdentityDocument } from '../documents/document.ts'
import type { Person } from '../person.ts'
import type { CoveredGroup, Covers } from './evidence.ts'

/** By group, the values that evidence can speak of. */
export interface Proven {
  readonly person: Pick<Person, 'familyName' | 'givenName' | 'patronymic' | 'birthDate'>
  /** Eleven digits. */
  readonly snils?: string
  /** Twelve digits. */
  readonly inn?: string
  readonly document?: IdentityDocument
  /** The registered one, as one line. */
  readonly address?: string
}

/** @param key the account's data key: the digest of the same values differs from account to account */
export function digestOf<G extends CoveredGroup>(key: Buffer, group: G, value: NonNullable<Proven[G]>): string {
  return keyedHash(key, `identity:${group}`, JSON.stringify(canonical(group, value)))
}

/** Digests of all that is given. */
export function digestsOf(key: Buffer, proven: Partial<Proven>): Covers {
  const covers: Partial<Record<CoveredGroup, string>> = {}
  for (const [group, value] of Object.entries(proven))
    if (value !== undefined) covers[group as CoveredGroup] = digestOf(key, group as CoveredGroup, value as never)
  return covers
}

/** The same values in the same order, whatever order they came in. */
function canonical(group: CoveredGroup, value: unknown): unknown {
  if (group === 'person') {
    const { familyName, givenName, patronymic, birthDate } = value as Proven['person']
    return [familyName, givenName, patronymic ?? '', birthDate]
  }
  if (typeof value === 'string') return value
  return Object.entries(value as object)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}
