import type { CitizenRegistry, SandboxCitizen } from '#src/registries/sandbox/citizen.ts'
import { sandboxCitizens } from '#src/registries/sandbox-citizens.ts'

/** An answer other than a match, or trouble in its place. */
interface Surprise {
  readonly verdict?: string
  readonly groups?: readonly string[]
  readonly reason?: string
  readonly trouble?: string
}

type Surprises = { readonly [R in CitizenRegistry]?: Surprise }

const differs = (...groups: readonly string[]): Surprise => ({ verdict: 'differs', groups })
const invalid = (reason: string): Surprise => ({ verdict: 'invalid', reason })
const trouble = (kind: string): Surprise => ({ trouble: kind })
const notFound: Surprise = { verdict: 'not_found' }

/** What registries say of those citizens whom not all of them confirm, written down apart from the table that makes them say it. */
const surprises: Readonly<Record<string, Surprises>> = {
  'passport-ended': { document: invalid('expired') },
  'passport-lost': { document: invalid('lost') },
  'passport-replaced': { document: invalid('replaced') },
  'passport-withdrawn': { document: invalid('withdrawn') },
  'passport-unknown': { document: notFound },
  'passport-differs': { document: differs('document') },
  'snils-suspended': { snils: invalid('suspended') },
  'snils-annulled': { snils: invalid('annulled') },
  'snils-unknown': { snils: notFound },
  'inn-unknown': { inn: notFound },
  'inn-other': { inn: differs('inn') },
  deceased: { person: invalid('deceased') },
  'person-unknown': { person: notFound },
  'birth-date-differs': { snils: differs('birth_date') },
  'gender-differs': { snils: differs('gender') },
  married: { snils: differs('name'), inn: differs('name') },
  'everything-differs': { snils: differs('name', 'birth_date', 'gender') },
  'address-differs': { address: differs('address') },
  'address-none': { address: notFound },
  'document-slow': { document: trouble('working') },
  'snils-slow': { snils: trouble('working') },
  'document-down': { document: trouble('failed') },
  'snils-busy': { snils: trouble('busy') },
  'document-nonsense': { document: trouble('nonsense') },
  'snils-contradicts': { snils: trouble('nonsense') },
  'inn-mixed-up': { inn: trouble('nonsense') },
  'address-down': { address: trouble('failed') },
  'foreign-expired': { document: invalid('expired') },
  'residence-permit-withdrawn': { document: invalid('withdrawn') },
}

/** Every citizen with what is expected of them beside matches. */
export function citizenSurprises(): (readonly [string, SandboxCitizen, Surprises])[] {
  const unknown = Object.keys(surprises).filter((code) => !sandboxCitizens.some((citizen) => citizen.code === code))
  if (unknown.length > 0) throw new Error(`no such citizens: ${unknown.join(', ')}`)
  return sandboxCitizens.map((citizen) => [citizen.code, citizen, surprises[citizen.code] ?? {}])
}
