import type { Locale } from '#src/kernel/locale.ts'
import type { RegistryName } from '../contract.ts'
import type { DocumentQuery, PersonQuery, RegistryAddress, RegistryDocument } from '../registries.ts'

/** What a person types, and what the registries hold unless a record says otherwise. */
export interface CitizenData {
  readonly name: PersonQuery['name']
  readonly birthDate: string
  readonly gender: PersonQuery['gender']
  readonly snils?: string
  readonly inn?: string
  readonly document?: RegistryDocument
  readonly address?: RegistryAddress
}

/** How a registry behaves when it is asked about this citizen, where it does not just answer. */
type Conduct =
  /** Still working, for the first two times that a question is put. */
  | 'slow'
  | 'down'
  /** Turns questions away until later. */
  | 'busy'
  /** A verdict that there is not. */
  | 'nonsense'
  /** A match that also names what differs. */
  | 'contradicts'
  /** The answer to somebody else's question. */
  | 'mixes_up'

/** What one registry knows otherwise. */
export interface CitizenRecord {
  readonly holds?: Partial<CitizenData>
  readonly state?: 'not_found' | 'deceased' | 'expired' | 'lost' | 'replaced' | 'withdrawn' | 'suspended' | 'annulled'
  readonly conduct?: Conduct
}

export type CitizenRegistry = Exclude<RegistryName, 'address_suggestions' | 'legal_entity'>

/** A made-up person: passports of region 00, taxpayers of region 98 and insurance numbers from 900-000-000 on are given to nobody. */
export interface SandboxCitizen extends CitizenData {
  /** Short and lasting: what guides and tests call the citizen. */
  readonly code: string
  /** One sentence: what one sees when this citizen is typed in. */
  readonly shows: Readonly<Record<Locale, string>>
  readonly records?: { readonly [R in CitizenRegistry]?: CitizenRecord }
}

export function passport(series: string, number: string, issuedOn: string): DocumentQuery['document'] {
  return { kind: 'passport_rf', series, number, issuedOn, departmentCode: '000001' }
}

/** An address in a town that there is not. */
export function home(street: string, house: string, flat?: string): RegistryAddress {
  const [postcode, region, city] = ['000100', 'Заречная область', 'Приозёрск-на-Каме']
  const parts = { postcode, region, city, street, house, ...(flat !== undefined && { flat }) }
  const line = `${region}, г. ${city}, ${street}, д. ${house}`
  return { ...parts, text: flat === undefined ? line : `${line}, кв. ${flat}` }
}
