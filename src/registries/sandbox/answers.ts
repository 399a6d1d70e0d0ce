import type { FieldGroup, Question } from '../contract.ts'
import type { RegistryAddress, RegistryDocument } from '../registries.ts'
import { sandboxCitizens } from '../sandbox-citizens.ts'
import type { CitizenData, CitizenRegistry, SandboxCitizen } from './citizen.ts'
import { folded, sameAddress } from './likeness.ts'

type Asked = Question<CitizenRegistry>
type Name = CitizenData['name']

interface Verdict {
  readonly verdict: 'matches' | 'differs' | 'not_found' | 'invalid' | 'ambiguous'
  readonly [member: string]: unknown
}

/** Whom the question is about in the eyes of this registry, which goes by its own key and its own data. */
export function citizenFor(registry: CitizenRegistry, question: Asked): SandboxCitizen | undefined {
  return candidates(registry, question)[0]
}

/** What the registry says of the question, in good order. What differs is said before what is wrong with a record: that is its owner's business. */
export function registryVerdict(registry: CitizenRegistry, question: Asked): Verdict {
  const [citizen, other] = candidates(registry, question)
  if (citizen === undefined) return { verdict: 'not_found' }
  if (other !== undefined) return { verdict: 'ambiguous' }
  const groups = differences(held(citizen, registry), question)
  if (groups.length > 0) return { verdict: 'differs', groups }
  const state = citizen.records?.[registry]?.state
  if (state !== undefined) return { verdict: 'invalid', reason: state }
  if (registry === 'snils') return { verdict: 'matches', state: 'active' }
  if (registry === 'inn') return { verdict: 'matches', inn: held(citizen, registry).inn }
  return { verdict: 'matches' }
}

/** More than one only where a number's ending does not tell people of one name and birth date apart. */
function candidates(registry: CitizenRegistry, question: Asked): readonly SandboxCitizen[] {
  const known = sandboxCitizens.filter(({ records }) => records?.[registry]?.state !== 'not_found')
  const having = (fits: (data: CitizenData) => boolean) => known.filter((citizen) => fits(held(citizen, registry)))
  const named = () => having((data) => isNamed(data, question)).slice(0, 1)
  if ('document' in question) return having(({ document }) => isSamePaper(document, question.document))
  if ('innEnding' in question) {
    const ending = having((data) => isNamed(data, question) && data.inn?.endsWith(question.innEnding) === true)
    return ending.length > 0 ? ending : named()
  }
  const byNumber =
    'inn' in question
      ? having(({ inn }) => inn === question.inn)
      : 'snils' in question && question.snils !== undefined
        ? having(({ snils }) => snils === question.snils)
        : []
  return byNumber.length > 0 || registry === 'snils' ? byNumber : named()
}

function held(citizen: SandboxCitizen, registry: CitizenRegistry): CitizenData {
  return { ...citizen, ...citizen.records?.[registry]?.holds }
}

function differences(data: CitizenData, question: Asked): FieldGroup[] {
  const different: Readonly<Partial<Record<FieldGroup, boolean>>> = {
    name: !isSameName(data.name, question.name),
    birth_date: data.birthDate !== question.birthDate,
    gender: 'gender' in question && data.gender !== question.gender,
    document: 'document' in question && !isSameDocument(data.document, question.document),
    // Of whom no SNILS is on record nothing is known about it, so nothing is said.
    snils: 'snils' in question && question.snils !== undefined && (data.snils ?? question.snils) !== question.snils,
    inn:
      ('inn' in question && data.inn !== question.inn) ||
      ('innEnding' in question && data.inn?.endsWith(question.innEnding) !== true),
    address: 'address' in question && !isRegisteredAt(data.address, question.address),
  }
  return (Object.keys(different) as FieldGroup[]).filter((group) => different[group])
}

function isNamed(data: CitizenData, question: Asked): boolean {
  return isSameName(data.name, question.name) && data.birthDate === question.birthDate
}

export function isSameName(one: Name, other: Name): boolean {
  return (['familyName', 'givenName', 'patronymic'] as const).every(
    (part) => folded(one[part] ?? '') === folded(other[part] ?? ''),
  )
}

/** The same piece of paper, whatever else is said of it. */
function isSamePaper(one: RegistryDocument | undefined, other: RegistryDocument): boolean {
  const country = (document: RegistryDocument) => ('country' in document ? document.country : undefined)
  const series = (document: RegistryDocument) => ('series' in document ? document.series : undefined)
  return (
    one !== undefined &&
    one.kind === other.kind &&
    folded(one.number) === folded(other.number) &&
    series(one) === series(other) &&
    country(one) === country(other)
  )
}

function isSameDocument(one: RegistryDocument | undefined, other: RegistryDocument): boolean {
  if (one === undefined) return false
  const [ours, theirs] = [one, other].map((document) =>
    Object.entries({ ...document, number: folded(document.number) }),
  )
  const given = (members: [string, unknown][] | undefined) =>
    JSON.stringify(members?.filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)))
  return given(ours) === given(theirs)
}

function isRegisteredAt(address: RegistryAddress | undefined, other: RegistryAddress): boolean {
  return address !== undefined && sameAddress(address, other)
}
