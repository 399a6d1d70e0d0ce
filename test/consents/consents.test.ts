import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account } from '#src/accounts/account.ts'
import { type Consents, covers, makeConsents } from '#src/consents/consents.ts'
import { consentItems } from '#src/consents/display.ts'
import { claimsAsked, isScope } from '#src/consents/scopes.ts'
import { Unit, units } from '#src/store/unit.ts'
import { handClock, type OpenedStore, openedStore } from '../store/opened.ts'

const clock = handClock()
let opened: OpenedStore
let consents: Consents
beforeAll(async () => {
  opened = await openedStore()
  consents = makeConsents({ store: opened.store, clock, termDays: 180 })
})
afterAll(() => opened.close())

const OID = 1_000_000_001

describe('a consent', () => {
  test('is in force until its term ends', async () => {
    await consents.grant({ oid: OID, clientId: 'term', scopes: ['openid'], claims: [] })
    clock.pass(180 * 86_400 - 1)
    expect(await consents.find(OID, 'term')).toMatchObject({ scopes: ['openid'] })
    clock.pass(2)
    expect(await consents.find(OID, 'term')).toBeUndefined()
  })
  test('grows by what is granted later, and its term starts anew', async () => {
    await consents.grant({ oid: OID, clientId: 'more', scopes: ['openid', 'email'], claims: ['birthdate'] })
    clock.pass(86_400)
    const grown = await consents.grant({ oid: OID, clientId: 'more', scopes: ['openid', 'phone'], claims: ['gender'] })
    expect(grown).toMatchObject({ scopes: ['openid', 'email', 'phone'], claims: ['birthdate', 'gender'] })
    expect(await consents.find(OID, 'more')).toEqual(grown)
    expect(grown.grantedAt).toEqual(clock.now())
  })
  test('what ran out does not come back with a new one', async () => {
    await consents.grant({ oid: OID, clientId: 'again', scopes: ['openid', 'email'], claims: [] })
    clock.pass(181 * 86_400)
    expect(await consents.grant({ oid: OID, clientId: 'again', scopes: ['openid'], claims: [] })).toMatchObject({
      scopes: ['openid'],
    })
  })
  test('grows by resource servers and their scopes', async () => {
    const [a, b] = ['https://a.example', 'https://b.example'] as const
    const grant = (identifier: string, scopes: string[]) =>
      consents.grant({ oid: OID, clientId: 'apis', scopes: [], claims: [], resources: [{ identifier, scopes }] })
    await grant(a, ['read'])
    await grant(b, ['read'])
    await grant(a, ['write'])
    await consents.grant({ oid: OID, clientId: 'apis', scopes: ['openid'], claims: [] })
    expect((await consents.find(OID, 'apis'))?.resources).toEqual([
      { identifier: a, scopes: ['read', 'write'] },
      { identifier: b, scopes: ['read'] },
    ])
  })
  test('belongs to one person and one relying party', async () => {
    await consents.grant({ oid: OID, clientId: 'one', scopes: ['openid'], claims: [] })
    expect(await consents.find(OID + 1, 'one')).toBeUndefined()
    expect(await consents.find(OID, 'two')).toBeUndefined()
  })
  test('travels in the unit of work of its request', async () => {
    const unit = new Unit()
    await units.run(unit, () => consents.grant({ oid: OID, clientId: 'unit', scopes: ['openid'], claims: [] }))
    expect(await consents.find(OID, 'unit')).toBeUndefined()
    await unit.flush(opened.store)
    expect(await consents.find(OID, 'unit')).toBeDefined()
  })
})

describe('covers', () => {
  const consent = {
    oid: OID,
    clientId: 'rp',
    scopes: ['openid', 'email'],
    claims: ['birthdate'],
    resources: [{ identifier: 'https://api.example', scopes: ['read', 'write'] }],
    grantedAt: clock.now(),
    expiresAt: clock.now(),
  }
  test.each<[string[], string[], boolean]>([
    [['openid'], [], true],
    [['email', 'openid'], ['birthdate'], true],
    [['openid', 'phone'], [], false],
    [['openid'], ['gender'], false],
    [[], [], true],
  ])('scopes %j and claims %j: %s', (scopes, claims, covered) =>
    expect(covers(consent, { scopes, claims, resources: [] })).toBe(covered),
  )
  test.each<[string, string[], boolean]>([
    ['https://api.example', ['read'], true],
    ['https://api.example', ['write', 'read'], true],
    ['https://api.example', ['read', 'delete'], false],
    ['https://other.example', ['read'], false],
  ])('of resource server %s scopes %j: %s', (identifier, scopes, covered) =>
    expect(covers(consent, { scopes: [], claims: [], resources: [{ identifier, scopes }] })).toBe(covered),
  )
  test('no decision covers nothing, not even an empty request', () =>
    expect(covers(undefined, { scopes: [], claims: [], resources: [] })).toBe(false))
})

test.each(['openid', 'profile', 'offline_access'])('%s is a scope', (scope) => expect(isScope(scope)).toBe(true))
test.each(['toString', '__proto__', 'OPENID', ''])('%s is no scope', (scope) => expect(isScope(scope)).toBe(false))

test('claims are asked for by scope and by name, each once; unknown scopes ask for nothing', () => {
  expect(claimsAsked(['openid', 'email', 'constructor'], ['email', 'birthdate'])).toEqual([
    'sub',
    'email',
    'email_verified',
    'birthdate',
  ])
})

describe('what the consent page lists', () => {
  const account: Account = {
    oid: OID,
    state: 'active',
    realm: 'citizen',
    registeredAt: clock.now(),
    person: { familyName: 'Ветрова', givenName: 'Ольга', birthDate: '1990-04-12', gender: 'female' },
    phone: '+79161000001',
    documents: [],
    addresses: [],
    identity: { level: 'simplified', lacks: [], carriedBy: [], reconciled: new Map() },
  }
  const t = (key: string) => key
  const labels = (scopes: string[], claims: string[] = []) =>
    consentItems(account, { scopes, claims }, { t, locale: 'ru' }).map((item) =>
      item.label.replace('consent.item.', ''),
    )

  test.each<[string[], string[], string[]]>([
    [['openid'], [], ['sub']],
    [['openid', 'profile'], [], ['sub', 'name', 'birthdate', 'gender']],
    [['openid', 'phone', 'email'], [], ['sub', 'phone', 'email']],
    [['openid'], ['birthdate'], ['sub', 'birthdate']],
    [['openid', 'email'], ['email'], ['sub', 'email']],
  ])('scopes %j, claims %j', (scopes, claims, expected) => expect(labels(scopes, claims)).toEqual(expected))

  test('shows the values of this person, and none where there is none', () => {
    const items = consentItems(
      account,
      { scopes: ['openid', 'profile', 'phone', 'email'], claims: [] },
      { t, locale: 'ru' },
    )
    const values = items.map((item) => item.value)
    expect(values).toEqual([
      String(OID),
      'Ветрова Ольга',
      expect.stringContaining('1990'),
      'consent.gender.female',
      '+7\u00a0916\u00a0100-00-01',
      undefined,
    ])
  })
})
