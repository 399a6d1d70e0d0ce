import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answerTo, type Candidate } from '#src/oidc/verified-claims/matching.ts'
import { parseVerifiedClaims } from '#src/oidc/verified-claims/request.ts'

/** Whatever is asked for and whatever there is: the answer holds what was asked for and nothing else, and meets each restriction. */

type Json = { [name: string]: unknown }
const NOW = new Date('2026-03-01T09:00:00Z')

const word = fc.constantFrom('a', 'b', 'c')
const moment = fc.constantFrom('2026-03-01', '2026-02-28', '2020-01-01', '2026-03-01T08:59:30Z', '2025-01-01T00:00:00Z')
const some = (members: Record<string, fc.Arbitrary<unknown>>, requiredKeys: string[] = []): fc.Arbitrary<Json> =>
  fc.record(members, { requiredKeys })

const check = some({ check_method: word, organization: word, check_id: word, time: moment }, ['check_method'])
const issuer = some({ name: word, country_code: word })
const evidence = fc.oneof(
  some(
    {
      type: fc.constant('document'),
      check_details: fc.array(check, { minLength: 1, maxLength: 3 }),
      document_details: some({ type: word, document_number: word, date_of_issuance: moment, issuer }, ['type']),
    },
    ['type'],
  ),
  some(
    {
      type: fc.constant('electronic_record'),
      check_details: fc.array(check, { minLength: 1, maxLength: 3 }),
      record: some({ type: word, created_at: moment, source: issuer }, ['type']),
    },
    ['type'],
  ),
)
const candidate = fc.record({
  verification: some(
    {
      trust_framework: word,
      assurance_level: word,
      time: moment,
      verification_process: word,
      evidence: fc.array(evidence, { maxLength: 3 }),
    },
    ['trust_framework'],
  ),
  claims: some({ given_name: word, family_name: word, birthdate: moment }),
}) as fc.Arbitrary<Candidate>

const one = fc.record({ value: word })
const oneOf = fc.record({ values: fc.array(word, { minLength: 1, maxLength: 3 }) })
const essential = fc.record({ essential: fc.boolean() })
const text = fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, essential, one, oneOf)
const aged = fc.record({ max_age: fc.constantFrom(0, 60, 86_400, 10_000_000, 10_000_000_000) })
const dated = fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, aged)
const issuerAsked = some({ name: text, country_code: text })
const checksAsked = fc.array(some({ check_method: text, organization: text, time: dated }), {
  minLength: 1,
  maxLength: 3,
})
const evidenceAsked = fc.oneof(
  some(
    {
      type: fc.constant({ value: 'document' }),
      check_details: checksAsked,
      document_details: some({ type: text, document_number: text, date_of_issuance: dated, issuer: issuerAsked }),
    },
    ['type'],
  ),
  some(
    {
      type: fc.constant({ value: 'electronic_record' }),
      check_details: checksAsked,
      record: some({ type: text, created_at: dated, source: issuerAsked }),
    },
    ['type'],
  ),
)
const request = fc.record({
  verification: some(
    {
      trust_framework: text,
      assurance_level: text,
      time: dated,
      verification_process: text,
      evidence: fc.array(evidenceAsked, { minLength: 1, maxLength: 3 }),
    },
    ['trust_framework'],
  ),
  claims: fc.record({ given_name: text, birthdate: dated }),
}) as fc.Arbitrary<{ verification: Json; claims: Json }>

/** Members without which an object is invalid: they may come unasked. */
const unasked = ['type', 'check_method', 'trust_framework']
const leafWords = new Set(['essential', 'value', 'values', 'max_age'])
const isLeaf = (asked: unknown): asked is Json | null =>
  asked === null || (!Array.isArray(asked) && Object.keys(asked as Json).some((name) => leafWords.has(name)))

/** An independent reading of the rules: why an answer must not have been given for this. */
function fault(asked: unknown, given: unknown, path: string): string | undefined {
  if (Array.isArray(asked)) return faultOfElements(asked, given as unknown[], path)
  if (isLeaf(asked)) return faultOfLeaf(asked ?? {}, given, path)
  const members = Object.keys(asked as Json)
  for (const name of Object.keys((given ?? {}) as Json))
    if (!members.includes(name) && !unasked.includes(name)) return `${path}.${name} was not asked for`
  for (const name of members) {
    const found = fault((asked as Json)[name], (given as Json | undefined)?.[name], `${path}.${name}`)
    if (found) return found
  }
  return undefined
}

function faultOfLeaf(asked: Json, given: unknown, path: string): string | undefined {
  const values = 'value' in asked ? [asked.value] : (asked.values as unknown[] | undefined)
  if (values && !values.includes(given)) return `${path} is none of the values`
  if (asked.max_age === undefined) return undefined
  if (given === undefined) return `${path} is missing`
  const text = String(given)
  const since = new Date(text.length === 10 ? `${text}T23:59:59Z` : text).getTime()
  return NOW.getTime() - since > (asked.max_age as number) * 1000 ? `${path} is too old` : undefined
}

/** Each element has to be explained by the entries together: by one that it meets, and no member that none of those asked for. */
function faultOfElements(asked: unknown[], given: unknown[] | undefined, path: string): string | undefined {
  for (const element of given ?? []) {
    const meeting = asked.filter((entry) => restrictionsMet(entry, element))
    if (meeting.length === 0) return `${path}: ${JSON.stringify(element)} meets no entry`
    const extra = pathsIn(element).find((names) => !meeting.some((entry) => asksFor(entry, names)))
    if (extra) return `${path}: ${extra} was not asked for`
  }
  if (given === undefined && asked.every((entry) => !restrictionsMet(entry, undefined))) return `${path} is missing`
  return given?.length === 0 ? `${path} is empty` : undefined
}

/** Where there is a value, as the names that lead to it. */
function pathsIn(given: unknown): string[][] {
  if (Array.isArray(given)) return given.flatMap(pathsIn)
  if (typeof given !== 'object' || given === null) return [[]]
  return Object.entries(given).flatMap(([name, inner]) => pathsIn(inner).map((names) => [name, ...names]))
}

function asksFor(asked: unknown, [name, ...names]: string[]): boolean {
  if (Array.isArray(asked)) return asked.some((entry) => asksFor(entry, name === undefined ? [] : [name, ...names]))
  if (name === undefined) return isLeaf(asked)
  if (names.length === 0 && unasked.includes(name)) return true
  return !isLeaf(asked) && name in (asked as Json) && asksFor((asked as Json)[name], names)
}

/** The answer may hold more than one entry asks for, where another one asked for it. */
function restrictionsMet(asked: unknown, given: unknown): boolean {
  if (Array.isArray(asked)) {
    if (given === undefined) return asked.some((entry) => restrictionsMet(entry, undefined))
    return (given as unknown[]).some((element) => asked.some((entry) => restrictionsMet(entry, element)))
  }
  if (isLeaf(asked)) return faultOfLeaf(asked ?? {}, given, '') === undefined
  return Object.entries(asked as Json).every(([name, inner]) =>
    restrictionsMet(inner, (given as Json | undefined)?.[name]),
  )
}

/** Whether everything that was given is there, word for word. */
function isPartOf(given: unknown, data: unknown): boolean {
  if (data === undefined) return false
  if (Array.isArray(given))
    return given.every((element) => (data as unknown[]).some((whole) => isPartOf(element, whole)))
  if (typeof given !== 'object' || given === null) return given === data
  return Object.entries(given).every(([name, inner]) => isPartOf(inner, (data as Json)[name]))
}

test('an answer meets its request, holds nothing else, and is nothing but what there is', () => {
  let answered = 0
  fc.assert(
    fc.property(request, candidate, (asked, there) => {
      const given = answerTo(parseVerifiedClaims(asked, 'v'), [there], NOW) as Candidate | undefined
      if (!given) return
      answered += 1
      expect(fault(asked.verification, given.verification, 'verification')).toBeUndefined()
      expect(Object.keys(given)).toEqual(['verification', 'claims'])
      expect(Object.keys(given.claims).length).toBeGreaterThan(0)
      for (const [name, value] of Object.entries(given.claims)) {
        expect(Object.keys(asked.claims)).toContain(name)
        expect(faultOfLeaf((asked.claims[name] ?? {}) as Json, value, name)).toBeUndefined()
      }
      expect(isPartOf(given, there)).toBe(true)
    }),
    { numRuns: 1_500 },
  )
  expect(answered).toBeGreaterThan(100)
})

test('without restrictions everything that is asked for and there comes', () => {
  const plain = { given_name: null, birthdate: null }
  fc.assert(
    fc.property(candidate, ({ verification, claims }) => {
      const asked = { verification: { trust_framework: null, time: null, assurance_level: null }, claims: plain }
      const given = answerTo(parseVerifiedClaims([asked], 'v'), [{ verification, claims }], NOW) as
        | Candidate[]
        | undefined
      const { verification_process: _1, evidence: _2, ...expected } = verification
      const { family_name: _3, ...names } = claims
      expect(given).toEqual(Object.keys(names).length === 0 ? undefined : [{ verification: expected, claims: names }])
    }),
  )
})

test('an array is answered as its elements are, each by itself', () => {
  fc.assert(
    fc.property(
      fc.array(request, { minLength: 1, maxLength: 4 }),
      fc.array(candidate, { maxLength: 3 }),
      (asked, there) => {
        const singly = asked.flatMap((each) => answerTo(parseVerifiedClaims(each, 'v'), there, NOW) ?? [])
        expect(answerTo(parseVerifiedClaims(asked, 'v'), there, NOW)).toEqual(singly.length === 0 ? undefined : singly)
      },
    ),
  )
})

test('any JSON is either taken or refused as malformed, and what is taken can be answered', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.jsonValue(), request, fc.record({ verification: fc.jsonValue(), claims: fc.jsonValue() })),
      fc.array(candidate, { maxLength: 2 }),
      (asked, there) => {
        try {
          answerTo(parseVerifiedClaims(asked, 'v'), there, NOW)
        } catch (error) {
          expect((error as Error).name).toBe('Malformed')
        }
      },
    ),
  )
})
