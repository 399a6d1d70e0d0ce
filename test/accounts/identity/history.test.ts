import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Address } from '#src/accounts/fields/address.ts'
import { provenAddressOf } from '#src/accounts/identity/proven-data.ts'
import { type IdentityRig, PASSPORT, startIdentityRig } from './rig.ts'

let rig: IdentityRig

beforeAll(async () => {
  rig = await startIdentityRig()
})
afterAll(() => rig.stop())

const HOME: Address = { kind: 'registered', postcode: '000100', text: 'г. Приозёрск-на-Каме, ул. Садовая, д. 5' }
const MOVED: Address = { kind: 'registered', postcode: '000100', text: 'г. Приозёрск-на-Каме, ул. Речная, д. 14' }

describe('the history', () => {
  test('has every value with the one before, why, by whom and from where', async () => {
    const oid = await rig.person()
    const passport = { ...PASSPORT, number: '970001' }
    await rig.change(oid, async (record) => {
      await record.setPerson({ familyName: 'Лисова', patronymic: 'Игоревна' })
      await record.claimSnils('90000970001')
      await record.putDocument(passport, passport.number)
      await record.putAddress(HOME)
    })
    rig.clock.pass(60)
    const reason = { cause: 'operator', actor: '1234567890', origin: 'desk-1', request: crypto.randomUUID() }
    await rig.change(oid, (record) => record.setPerson({ patronymic: undefined }), reason)
    const history = await rig.records.historyOf(oid, { limit: 10 })
    const first = { cause: 'reconciled', actor: 'registry', origin: 'session-1', request: undefined }
    expect(history).toMatchObject([
      { field: 'patronymic', before: 'Игоревна', after: undefined, ...reason },
      { field: 'address.registered', before: undefined, after: HOME, ...first },
      { field: 'document.passport_rf', before: undefined, after: passport, ...first },
      { field: 'snils', before: undefined, after: '90000970001', ...first },
      { field: 'patronymic', before: undefined, after: 'Игоревна', ...first },
      { field: 'familyName', before: 'Ветрова', after: 'Лисова', ...first },
    ])
    expect(await rig.records.historyOf(oid, { limit: 10, request: reason.request })).toHaveLength(1)
    expect((await rig.accounts.read(oid)).person).not.toHaveProperty('patronymic')
    const events = (await rig.events(oid, 'profile.changed')).map(({ fields }) => fields.field)
    expect(events).toEqual(history.map(({ field }) => field))
  })

  test('comes page by page, the newest first', async () => {
    const oid = await rig.person()
    for (const place of ['а', 'б', 'в', 'г', 'д'])
      await rig.change(oid, (record) => record.setPerson({ birthPlace: place }))
    const first = await rig.records.historyOf(oid, { limit: 3 })
    const rest = await rig.records.historyOf(oid, { limit: 3, beforeSeq: first.at(-1)!.seq })
    expect([...first, ...rest].map(({ after }) => after)).toEqual(['д', 'г', 'в', 'б', 'а'])
  })

  test('does not open in another row: neither as another change of the field nor as another field', async () => {
    const oid = await rig.person()
    await rig.change(oid, (record) => record.setPerson({ birthPlace: 'город Первый', givenName: 'Вера' }))
    rig.clock.pass(1)
    await rig.change(oid, (record) => record.setPerson({ birthPlace: 'город Второй' }))
    const { db } = rig.store
    const rows = await db.selectFrom('profile_history').selectAll().where('oid', '=', oid).orderBy('seq').execute()
    const [first, ...others] = [
      ...rows.filter(({ field }) => field === 'birthPlace'),
      ...rows.filter(({ field }) => field === 'givenName'),
    ]
    for (const { seq, after } of others) {
      const put = (value: Uint8Array | null) =>
        db.updateTable('profile_history').set({ after: value }).where('seq', '=', seq).execute()
      await put(first!.after)
      await expect(rig.records.historyOf(oid, { limit: 10 })).rejects.toThrow()
      await put(after)
    }
    expect(await rig.records.historyOf(oid, { limit: 10 })).toHaveLength(3)
  })

  test('is the account’s own, holds nothing in the clear, and says nothing of what stayed', async () => {
    const [oid, other] = [await rig.person(), await rig.person()]
    await rig.change(oid, (record) => record.setPerson({ familyName: 'Заветная', givenName: 'Ольга' }))
    expect(await rig.records.historyOf(oid, { limit: 10 })).toHaveLength(1)
    expect(await rig.records.historyOf(other, { limit: 10 })).toEqual([])
    const rows = await rig.store.db.selectFrom('profile_history').selectAll().where('oid', '=', oid).execute()
    const dump = Buffer.concat(rows.flatMap(({ before, after }) => [before, after]).map((value) => Buffer.from(value!)))
    for (const name of ['Заветная', 'Ветрова']) expect(dump.includes(name)).toBe(false)
  })
})

describe('an address', () => {
  const prove = (oid: number) =>
    rig.change(oid, (record) =>
      record.prove({ kind: 'registry', covers: ['person', 'address'], verifier: 'registry.address' }),
    )
  const proven = async (oid: number) => provenAddressOf(await rig.accounts.read(oid))

  test('is proven until it, or the person’s name, is another one', async () => {
    const oid = await rig.person()
    await rig.reconciled(oid, '90000940001', { ...PASSPORT, number: '940001' })
    await rig.change(oid, (record) => record.putAddress(HOME))
    expect(await proven(oid)).toBeUndefined()
    await prove(oid)
    expect(await proven(oid)).toEqual(HOME)
    await rig.change(oid, (record) => record.setPerson({ familyName: 'Лисова' }))
    await rig.reconciled(oid, '90000940001', { ...PASSPORT, number: '940001' })
    expect(await proven(oid)).toBeUndefined()
    await prove(oid)
    expect(await proven(oid)).toEqual(HOME)
    await rig.change(oid, (record) => record.putAddress(MOVED))
    expect(await proven(oid)).toBeUndefined()
  })

  test('where somebody lives is never proven by where they are registered', async () => {
    const oid = await rig.person()
    await rig.reconciled(oid, '90000940002', { ...PASSPORT, number: '940002' })
    await rig.change(oid, async (record) => {
      await record.putAddress(HOME)
      await record.putAddress({ ...HOME, kind: 'actual' })
    })
    await prove(oid)
    expect(await proven(oid)).toEqual(HOME)
    expect((await rig.accounts.read(oid)).addresses.map(({ address }) => address.kind)).toEqual([
      'registered',
      'actual',
    ])
  })

  test('that is put in again unchanged leaves no trace', async () => {
    const oid = await rig.person()
    for (let n = 0; n < 2; n++) await rig.change(oid, (record) => record.putAddress(HOME))
    expect(await rig.records.historyOf(oid, { limit: 10 })).toHaveLength(1)
  })
})
