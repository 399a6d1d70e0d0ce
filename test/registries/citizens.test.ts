import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { documentKind } from '#src/accounts/documents/kinds.ts'
import { parseAddress } from '#src/accounts/fields/address.ts'
import { parseBirthDate } from '#src/accounts/fields/birth-date.ts'
import { formatDate } from '#src/accounts/fields/date.ts'
import { parseInn, parseOrganisationInn } from '#src/accounts/fields/inn.ts'
import { parseKpp } from '#src/accounts/fields/kpp.ts'
import { matchScript, parseName } from '#src/accounts/fields/name.ts'
import { parseOgrn, parseOgrnip } from '#src/accounts/fields/ogrn.ts'
import { parseSnils } from '#src/accounts/fields/snils.ts'
import { legalEntityTypes } from '#src/registries/contract.ts'
import { legalEntities } from '#src/registries/sandbox/legal-entities.ts'
import { sandboxCitizens, sandboxTable } from '#src/registries/sandbox-citizens.ts'
import { testCitizens } from '#src/sandbox/citizens.ts'

const NOW = new Date('2026-11-23T09:00:00Z')
/** Their documents have ended, which the form says already. */
const ENDED = ['passport-ended', 'foreign-expired']
const named = sandboxCitizens.map((citizen) => [citizen.code, citizen] as const)
const accepted = (value: string) => ({ ok: true, value })

describe('everything that a citizen has passes the rules of the forms', () => {
  test.each(named)('%s', (code, { name, birthDate, snils, inn, document, address }) => {
    const { familyName, givenName, patronymic } = name
    expect(parseName('familyName', familyName)).toEqual(accepted(familyName))
    expect(matchScript('givenName', givenName, familyName)).toEqual(accepted(givenName))
    if (patronymic) expect(matchScript('patronymic', patronymic, familyName)).toEqual(accepted(patronymic))
    expect(parseBirthDate(formatDate(birthDate), NOW)).toEqual(accepted(birthDate))
    if (snils) expect(parseSnils(snils)).toEqual(accepted(snils))
    if (inn) expect(parseInn(inn)).toEqual(accepted(inn))
    if (address) expect(parseAddress({ kind: 'registered', ...address })).toMatchObject({ ok: true, address })
    if (!document) return
    const { issuedOn, validUntil, ...others } = { validUntil: undefined, ...document }
    const form = {
      ...others,
      issuedOn: formatDate(issuedOn),
      ...(validUntil ? { validUntil: formatDate(validUntil) } : { unlimited: 'yes' }),
      ...{ issuer: 'Отделом внутренних дел', birthPlace: 'г. Приозёрск-на-Каме', familyName, givenName },
    }
    const kind = documentKind(document.kind)!
    const parsed = kind.parse(form, { person: { birthDate, familyName }, now: NOW })
    if (ENDED.includes(code)) expect(parsed).toMatchObject({ ok: false, problems: [{}] })
    else expect(parsed).toMatchObject({ ok: true, document })
  })
})

test.each(legalEntities.map((entity) => [entity.code, entity] as const))(
  '%s has valid numbers, and its head is one of the citizens',
  (_code, { type, ogrn, inn, kpp, head }) => {
    const proprietor = type === 'sole_proprietor'
    expect(proprietor ? parseOgrnip(ogrn) : parseOgrn(ogrn)).toEqual(accepted(ogrn))
    expect(proprietor ? parseInn(inn) : parseOrganisationInn(inn)).toEqual(accepted(inn))
    if (kpp) expect(parseKpp(kpp)).toEqual(accepted(kpp))
    const leader = sandboxCitizens.find(({ code }) => code === head)
    expect(leader).toBeDefined()
    if (proprietor) expect(leader?.inn).toBe(inn)
  },
)

test('there are at least forty citizens, and legal entities of every type', () => {
  expect(sandboxCitizens.length).toBeGreaterThanOrEqual(40)
  expect(new Set(legalEntities.map(({ type }) => type))).toEqual(new Set(legalEntityTypes))
})

test('no two citizens share a code, a number or a document', () => {
  const values = sandboxCitizens.flatMap(({ code, snils, inn, document }) => [
    code,
    ...(snils ? [snils] : []),
    ...(inn ? [inn] : []),
    ...(document ? [JSON.stringify(document)] : []),
  ])
  expect(new Set(values).size).toBe(values.length)
})

test('those who can sign in to the sandbox are on record just as they registered', () => {
  const known = sandboxCitizens.map(({ name, birthDate, gender }) => ({ ...name, birthDate, gender }))
  for (const { person } of testCitizens) expect(known).toContainEqual(person)
})

test('the cases that forms forget are among them', () => {
  const some = (fits: (citizen: (typeof sandboxCitizens)[number]) => boolean) => sandboxCitizens.some(fits)
  expect(some(({ name }) => name.patronymic === undefined)).toBe(true)
  expect(some(({ name }) => name.familyName.includes('-'))).toBe(true)
  expect(some(({ name }) => name.familyName.includes("'"))).toBe(true)
  expect(some(({ name }) => /^[a-z]/i.test(name.familyName))).toBe(true)
  expect(some(({ birthDate }) => birthDate.endsWith('-02-29'))).toBe(true)
  expect(some(({ snils }) => snils === undefined)).toBe(true)
  expect(some(({ snils }) => snils !== undefined && snils < '001001998')).toBe(true)
  expect(new Set(sandboxCitizens.map(({ document }) => document?.kind)).size).toBe(4)
})

test('each says in one sentence of either language what it shows', () => {
  for (const { code, shows } of [...sandboxCitizens, ...legalEntities]) {
    expect([code, shows.ru]).toEqual([code, expect.stringMatching(/^[А-ЯЁ].*\.$/)])
    expect([code, shows.en]).toEqual([code, expect.stringMatching(/^[A-Z].*\.$/)])
  }
})

test('the table for pages and the one of the documentation have a row for each', async () => {
  const table = sandboxTable('ru')
  expect(table.map(({ code }) => code)).toEqual(sandboxCitizens.map(({ code }) => code))
  expect(table[0]).toEqual({
    code: 'maria',
    shows: 'Всё совпадает; возглавляет муниципальную школу.',
    name: 'Иванова Мария Сергеевна',
    birthDate: '1985-03-27',
    gender: 'female',
    snils: '90000010185',
    inn: '986900000137',
    document: {
      kind: 'passport_rf',
      series: '0005',
      number: '100001',
      issuedOn: '2005-04-12',
      departmentCode: '000001',
    },
    address: expect.objectContaining({ street: 'ул. Садовая', house: '5', flat: '12' }),
  })
  const guide = await readFile(new URL('../../docs/sandbox-citizens.md', import.meta.url), 'utf8')
  for (const { code } of [...sandboxCitizens, ...legalEntities]) expect(guide).toContain(`| \`${code}\` |`)
  expect(guide).toContain('| passport_rf 0005 100001, issuedOn 2005-04-12, departmentCode 000001 |')
})
