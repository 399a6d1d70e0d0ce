import { describe, expect, test } from 'vitest'
import type { IdentityDocument } from '#src/accounts/documents/document.ts'
import { documentKind, documentKinds, identifierOf, summaryOf } from '#src/accounts/documents/kinds.ts'
import { en } from '#src/accounts/documents/messages.en.ts'
import { ru } from '#src/accounts/documents/messages.ru.ts'
import { registryDocument } from '#src/accounts/documents/registry-document.ts'
import { contract } from '#src/registries/contract.ts'
import { foreigner, holderOf, now, person, typed } from './typed.ts'

type Kind = keyof typeof typed
const kinds = Object.keys(documentKinds) as Kind[]

function sound(kind: Kind, changes: Record<string, string> = {}): IdentityDocument {
  const parsed = documentKinds[kind].parse({ ...typed[kind], ...changes }, { person: holderOf(kind), now })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.document
}

test('a kind that there is not is none, whatever objects inherit', () => {
  for (const name of ['', 'passport', 'constructor', '__proto__', 'toString'])
    expect(documentKind(name)).toBeUndefined()
  expect(documentKind('passport_rf')).toBe(documentKinds.passport_rf)
})

describe.each(kinds)('%s', (kind) => {
  test('has its names, fields and scans in both languages', () => {
    const { label, fields, scans } = documentKinds[kind]
    const labels = [label, ...fields.map((field) => field.label), ...scans.map((scan) => scan.label)]
    for (const key of labels) {
      expect(ru, key).toHaveProperty([key])
      expect(en, key).toHaveProperty([key])
    }
    expect(scans.length).toBeGreaterThan(0)
  })

  test('asks for all its fields when nothing was typed, but for optional ones', () => {
    const parsed = documentKinds[kind].parse({}, { person: holderOf(kind), now })
    const named = parsed.ok ? [] : parsed.problems.map(({ field }) => field)
    const { fields } = documentKinds[kind]
    const asked = fields.filter(({ name, optional }) => !optional || name === 'validUntil')
    expect(named).toEqual(asked.map(({ name }) => name))
  })

  test('takes nothing from what an input inherits', () => {
    const inherited = Object.create(typed[kind]) as Record<string, string>
    expect(documentKinds[kind].parse(inherited, { person: holderOf(kind), now }).ok).toBe(false)
  })

  test('is read again from the form that we print', () => {
    const document = sound(kind)
    const shown = summaryOf(document, 'ru').map(({ name, text }) => [name, text])
    const again = { ...Object.fromEntries(shown), ...countriesOf(document) }
    expect(documentKinds[kind].parse(again, { person: holderOf(kind), now })).toEqual({ ok: true, document })
  })

  test('tells neither its number nor its texts before it is opened', () => {
    const hidden = new Set(['series', 'number', 'issuer', 'birthPlace', 'familyName', 'givenName'])
    for (const { name, text, masked } of summaryOf(sound(kind), 'ru')) {
      if (!hidden.has(name)) continue
      expect(masked, name).toContain('•')
      expect(masked, name).not.toContain(text)
      expect(masked.replace(/[^\p{L}\d]/gu, '').length, name).toBeLessThanOrEqual(text.length / 2)
    }
  })
})

/** Countries are shown by name and typed by code. */
function countriesOf(document: IdentityDocument): Record<string, string> {
  if (document.kind === 'foreign_passport') return { country: document.country }
  return document.kind === 'residence_permit' ? { citizenship: document.citizenship } : {}
}

describe('the script of the names', () => {
  const codes = (kind: Kind, holder: typeof person) => {
    const parsed = documentKinds[kind].parse(typed[kind], { person: holder, now })
    return parsed.ok ? [] : parsed.problems
  }

  test.each([
    ['passport_rf', foreigner, 'documents.kind_cyrillic'],
    ['temporary_certificate', foreigner, 'documents.kind_cyrillic'],
    ['foreign_passport', person, 'documents.kind_latin'],
  ] as const)('%s does not belong to $familyName', (kind, holder, code) => {
    expect(codes(kind, holder)).toEqual([{ field: 'kind', code }])
  })

  test('of a residence permit may be either, as it has both', () => {
    expect(codes('residence_permit', person)).toEqual([])
    expect(codes('residence_permit', foreigner)).toEqual([])
  })
})

test.each(kinds)('of a %s the registry is told what its contract has, and nothing else', (kind) => {
  const document = registryDocument(sound(kind))
  const question = {
    reference: '4a7c1f0e-6a0e-4f43-9f5c-1f1f5f0f8a11',
    birthDate: '1985-03-27',
    gender: 'female',
    document,
  }
  const name = { familyName: 'Иванова', givenName: 'Мария' }
  expect(contract.document.question.parse({ ...question, name })).toMatchObject({ document })
})

describe('the identifier of a document', () => {
  test('is the same however it was typed', () => {
    expect(identifierOf(sound('passport_rf'))).toBe('passport_rf:4510123456')
    expect(identifierOf(sound('passport_rf', { series: '４５-10', number: '№123 456', issuer: 'другой' }))).toBe(
      'passport_rf:4510123456',
    )
    expect(identifierOf(sound('foreign_passport', { number: 'N-01 23.4567' }))).toBe('foreign_passport:KAZ:N01234567')
    expect(identifierOf(sound('residence_permit'))).toBe('residence_permit:820123456')
    expect(identifierOf(sound('residence_permit', { series: '', number: '820123456' }))).toBe(
      'residence_permit:820123456',
    )
  })

  test('is another for another document', () => {
    const documents = [
      ...kinds.map((kind) => sound(kind)),
      sound('passport_rf', { series: '45 11' }),
      sound('foreign_passport', { country: 'UZB' }),
      sound('temporary_certificate', { issuedOn: '16.02.2026' }),
    ]
    expect(new Set(documents.map(identifierOf)).size).toBe(documents.length)
  })
})
