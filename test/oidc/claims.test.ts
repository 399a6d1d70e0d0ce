import { describe, expect, test } from 'vitest'
import type { Account } from '#src/accounts/account.ts'
import { claimsNamed, claimsOf } from '#src/oidc/claims.ts'

const account: Account = {
  oid: 1_234_567_890,
  state: 'active',
  realm: 'citizen',
  registeredAt: new Date('2026-03-01T09:00:00Z'),
  person: { familyName: 'Ветрова', givenName: 'Ольга', birthDate: '1990-04-12', gender: 'female' },
  documents: [],
  addresses: [],
  identity: { level: 'simplified', lacks: [], carriedBy: [], reconciled: new Map() },
}

describe('claimsOf', () => {
  test('what the person does not have is absent, not empty', () => {
    expect(claimsOf(account)).toEqual({
      sub: '1234567890',
      name: 'Ветрова Ольга',
      family_name: 'Ветрова',
      given_name: 'Ольга',
      gender: 'female',
      birthdate: '1990-04-12',
      updated_at: 1_772_355_600,
    })
  })
  test('contacts are confirmed ones, and the patronymic is the middle name', () => {
    const whole = {
      ...account,
      person: { ...account.person, patronymic: 'Игоревна' },
      phone: '+79161000001',
      email: 'a@b.ru',
    }
    expect(claimsOf(whole)).toMatchObject({
      name: 'Ветрова Ольга Игоревна',
      middle_name: 'Игоревна',
      email: 'a@b.ru',
      email_verified: true,
      phone_number: '+79161000001',
      phone_number_verified: true,
    })
  })
})

describe('claimsNamed', () => {
  test.each<[unknown, string[]]>([
    [undefined, []],
    ['{}', []],
    ['{"userinfo":{"email":null}}', ['email']],
    ['{"userinfo":{"email":null},"id_token":{"email":{"essential":true},"birthdate":null}}', ['email', 'birthdate']],
    [
      '{"id_token":{"acr":{"essential":true},"auth_time":null,"sub":{"value":"1"},"sid":null,"amr":null,"iss":null}}',
      [],
    ],
    ['{"userinfo":{"email phone_number":null,"birthdate\\u0000":null,"snils ":null,"__proto__":null}}', []],
  ])('%s', (parameter, names) => {
    expect(claimsNamed(parameter)).toEqual(names)
  })
})
