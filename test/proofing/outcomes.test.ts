import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { provenAddressOf } from '#src/accounts/identity/proven-data.ts'
import { citizen, identityOf, type ProofingRig, registeredAs, startProofingRig } from './rig.ts'

let rig: ProofingRig

beforeAll(async () => {
  rig = await startProofingRig()
})
beforeEach(() => rig.rested())
afterAll(() => {
  expect(rig.faults).toEqual([])
  return rig.stop()
})

const check = async (code: string) => {
  const oid = await rig.person(registeredAs(code))
  return { oid, request: await rig.check(oid, 'identity', identityOf(code)) }
}

describe('identity: every refusal leaves the record as it was', () => {
  test.each([
    ['passport-ended', ['document.expired']],
    ['passport-lost', ['document.lost']],
    ['passport-replaced', ['document.replaced']],
    ['passport-withdrawn', ['document.withdrawn']],
    ['passport-unknown', ['document.not_found']],
    ['passport-differs', ['document.differs']],
    ['snils-suspended', ['snils.suspended']],
    ['snils-annulled', ['snils.annulled']],
    ['snils-unknown', ['snils.not_found']],
    ['deceased', ['person.deceased']],
    ['person-unknown', ['person.not_found']],
    ['birth-date-differs', ['snils.birth_date_differs']],
    ['gender-differs', ['snils.gender_differs']],
    ['married', ['snils.name_differs']],
    ['foreign-expired', ['document.expired']],
    ['residence-permit-withdrawn', ['document.withdrawn']],
  ])('%s: %s', async (code, reasons) => {
    const { oid, request } = await check(code)
    expect(request).toMatchObject({ state: 'refused', reasons })
    expect(request.steps.map(({ step }) => step)).toEqual(['opened', 'refused'])
    const { person, documents, identity } = await rig.account(oid)
    expect({ person, documents, level: identity.level }).toEqual({
      person: registeredAs(code),
      documents: [],
      level: 'simplified',
    })
    expect((await rig.events(oid, 'request.refused'))[0]!.fields).toMatchObject({ reasons: reasons.join(' ') })
    expect(await rig.requests.proposalOf(oid, request.id)).toEqual(identityOf(code))
  })

  test('twins are told apart', async () => {
    const oid = await rig.person(registeredAs('twin-anna'))
    const request = await rig.check(oid, 'identity', identityOf('twin-inna'))
    expect(request.reasons).toEqual(['person.name_differs', 'snils.name_differs', 'document.name_differs'])
  })
})

describe('identity: confirmed', () => {
  test.each([
    'maria',
    'timur',
    'alexandra',
    'apostrophe',
    'leap-day',
    'old-snils',
    'foreign-passport',
    'residence-permit',
    'temporary-certificate',
  ])('%s becomes standard', async (code) => {
    const { oid, request } = await check(code)
    expect(request).toMatchObject({ state: 'confirmed', reasons: [] })
    const { person, documents, identity } = await rig.account(oid)
    expect(identity).toMatchObject({ level: 'standard', lacks: ['proof'] })
    expect(person.snils).toBe(citizen(code).snils)
    expect(documents.map(({ document }) => document)).toEqual([identityOf(code).document])
    expect(await rig.requests.proposalOf(oid, request.id)).toBeUndefined()
    await rig.settled()
    expect(rig.told(oid)).toEqual(['level_standard'])
  })

  test('each piece of evidence names its request and ends with what it covers', async () => {
    const { oid, request } = await check('passport-ending')
    const evidence = await rig.store.db
      .selectFrom('identity_evidence')
      .select(['covers', 'until', 'request', 'verifier'])
      .where('oid', '=', oid)
      .orderBy('verifier')
      .execute()
    expect(evidence.map(({ covers, ...row }) => ({ ...row, covers: Object.keys(JSON.parse(covers)) }))).toEqual([
      {
        covers: ['person', 'document'],
        verifier: 'registry.document',
        request: request.id,
        // The day after the last one, by Moscow's clocks.
        until: new Date('2027-04-15T21:00:00Z'),
      },
      { covers: ['person', 'snils'], verifier: 'registry.snils', request: request.id, until: null },
    ])
  })
})

describe('INN and address', () => {
  test('the last four digits bring the whole number', async () => {
    const { oid } = await check('hyphen')
    const inn = citizen('hyphen').inn!
    expect(await rig.check(oid, 'inn', { inn: inn.slice(-4) })).toMatchObject({ state: 'confirmed' })
    expect((await rig.account(oid)).person.inn).toBe(inn)
    expect(await rig.open(oid, 'inn', { inn: inn.slice(-4) })).toMatchObject({ ok: false, why: 'same' })
  })

  test.each([
    ['namesake-elder', (inn: string) => inn.slice(-4), 'inn.ambiguous'],
    ['inn-unknown', (inn: string) => inn, 'inn.not_found'],
    ['inn-other', (inn: string) => inn.slice(-4), 'inn.differs'],
  ])('%s is refused', async (code, typed, reason) => {
    const oid = await rig.person(registeredAs(code))
    const request = await rig.check(oid, 'inn', { inn: typed(citizen(code).inn!) })
    expect(request).toMatchObject({ state: 'refused' })
    expect(request.reasons).toContain(reason)
    expect((await rig.account(oid)).person.inn).toBeUndefined()
  })

  test('a registered address is compared, where somebody lives is not', async () => {
    const { oid } = await check('no-patronymic')
    const address = { ...citizen('no-patronymic').address!, kind: 'registered' } as const
    await rig.check(oid, 'address', { address })
    rig.asked.length = 0
    const living = { kind: 'actual', text: 'г. Приозёрск-на-Каме, ул. Речная, д. 2' } as const
    expect(await rig.check(oid, 'address', { address: living })).toMatchObject({ state: 'confirmed' })
    expect(rig.asked).toEqual([])
    const account = await rig.account(oid)
    expect(account.addresses.map((recorded) => recorded.address)).toEqual([address, living])
    expect(provenAddressOf(account)).toEqual(address)
    expect(await rig.open(oid, 'address', { address })).toMatchObject({ why: 'same' })
  })

  test.each([
    ['address-differs', 'address.differs'],
    ['address-none', 'address.not_found'],
  ])('%s is refused', async (code, reason) => {
    const oid = await rig.person(registeredAs(code))
    const address = { ...citizen(code).address!, kind: 'registered' } as const
    expect(await rig.check(oid, 'address', { address })).toMatchObject({ state: 'refused', reasons: [reason] })
    expect((await rig.account(oid)).addresses).toEqual([])
  })
})
