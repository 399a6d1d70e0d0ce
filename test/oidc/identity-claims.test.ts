import { describe, expect, test } from 'vitest'
import type { Account } from '#src/accounts/account.ts'
import type { Address } from '#src/accounts/fields/address.ts'
import type { CoveredGroup, Covers, IdentityEvidence } from '#src/accounts/identity/evidence.ts'
import { consentItems } from '#src/consents/display.ts'
import { identityClaimsOf } from '#src/oidc/identity-claims.ts'

/** Claims that rest on a proof, and what the person is shown of them before. */

const passport = {
  kind: 'passport_rf',
  series: '4510',
  number: '123456',
  issuedOn: '2010-05-03',
  issuer: 'ОВД',
  departmentCode: '770011',
  birthPlace: 'Тверь',
} as const
const foreign = {
  kind: 'foreign_passport',
  country: 'KAZ',
  number: 'N1234567',
  issuedOn: '2020-01-01',
  validUntil: '2030-01-01',
  familyName: 'VETROVA',
  givenName: 'OLGA',
} as const

const evidence = (covers: Covers): IdentityEvidence => ({
  id: 'e',
  kind: 'registry',
  covers,
  verifier: 'state_registries',
  at: new Date(0),
  until: undefined,
})

/** @param confirmed what the registries know */
const account = (confirmed: Partial<Record<CoveredGroup, string>>, more: Partial<Account> = {}): Account => ({
  oid: 1_234_567_890,
  state: 'active',
  realm: 'citizen',
  registeredAt: new Date(0),
  person: {
    familyName: 'Ветрова',
    givenName: 'Ольга',
    birthDate: '1990-04-12',
    gender: 'female',
    snils: '11223344595',
    inn: '500100732259',
  },
  documents: [
    { id: 'd1', document: foreign, digest: 'of foreign', recordedAt: new Date(0) },
    { id: 'd2', document: passport, digest: 'of passport', recordedAt: new Date(0) },
  ],
  addresses: [],
  identity: {
    level: 'standard',
    lacks: [],
    carriedBy: [],
    reconciled: new Map(
      Object.entries(confirmed).map(([group, digest]) => [group as CoveredGroup, [evidence({ [group]: digest })]]),
    ),
  },
  ...more,
})

describe('what was merely typed is not handed over', () => {
  test('no SNILS, no INN and no document without a registry behind it', () => {
    expect(identityClaimsOf(account({}))).toEqual({ identity_level: 'standard' })
  })
  test('a document that another one was confirmed beside', () => {
    expect(identityClaimsOf(account({ document: 'of passport' }))).toEqual({
      identity_level: 'standard',
      id_doc: {
        kind: 'passport_rf',
        series: '4510',
        number: '123456',
        date_of_issuance: '2010-05-03',
        date_of_expiry: '2035-07-11',
        issuer: 'ОВД',
        department_code: '770011',
        country: 'RUS',
      },
    })
  })
  test('and the page says so, with no number of what stays here', () => {
    const items = shown(account({}))
    expect(items).toEqual({
      address: undefined,
      snils: 'consent.not_confirmed',
      inn: 'consent.not_confirmed',
      id_doc: 'consent.not_confirmed',
      identity_level: 'accounts.level.standard',
    })
  })
})

describe('what the registries know is handed over', () => {
  const confirmed = { snils: 's', inn: 'i', document: 'of foreign' }
  test('digits bare, dates as ISO 8601, only what there is', () => {
    expect(identityClaimsOf(account(confirmed))).toEqual({
      identity_level: 'standard',
      snils: '11223344595',
      inn: '500100732259',
      id_doc: {
        kind: 'foreign_passport',
        number: 'N1234567',
        date_of_issuance: '2020-01-01',
        date_of_expiry: '2030-01-01',
        country: 'KAZ',
      },
    })
  })
  test('and the page shows it masked', () => {
    const items = shown(account(confirmed))
    expect(items.snils).toMatch(/•.*95$/)
    expect(items.inn).toMatch(/•.*59$/)
    expect(items.id_doc).toContain('documents.kind.foreign_passport, •')
    expect(JSON.stringify(items)).not.toMatch(/1122334|5001007|N12345/)
  })
})

describe('the address', () => {
  const registered = {
    kind: 'registered',
    postcode: '420111',
    region: 'Татарстан',
    city: 'Казань',
    street: 'ул. Баумана',
    house: 'д. 1',
    flat: 'кв. 5',
    text: 'Татарстан, г. Казань, ул. Баумана, д. 1, кв. 5',
  } as const
  const actual = { kind: 'actual', text: 'Тверь, у вокзала' } as const
  const living = (...addresses: Address[]) =>
    account({}, { addresses: addresses.map((address) => ({ address, recordedAt: new Date(0) })) })
  test('where the person is registered, by its parts (Core, section 5.1.1)', () => {
    expect(identityClaimsOf(living(registered, actual)).address).toEqual({
      formatted: '420111, Татарстан, г. Казань, ул. Баумана, д. 1, кв. 5',
      street_address: 'ул. Баумана, д. 1, кв. 5',
      locality: 'Казань',
      region: 'Татарстан',
      postal_code: '420111',
    })
  })
  test('else where they live, as it was typed', () => {
    expect(identityClaimsOf(living(actual)).address).toEqual({ formatted: 'Тверь, у вокзала' })
    expect(shown(living(actual)).address).toBe('Тверь, у вокзала')
  })
})

function shown(of: Account): Record<string, string | undefined> {
  const scopes = ['address', 'snils', 'inn', 'id_doc', 'identity_level']
  const items = consentItems(of, { scopes, claims: [] }, { t: (key) => key, locale: 'ru' })
  return Object.fromEntries(items.slice(1).map(({ label, value }) => [label.replace('consent.item.', ''), value]))
}
