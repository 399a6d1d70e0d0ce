import { pino } from 'pino'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeNotMe } from '#src/accounts/not-me.ts'
import { makeOwnerNotices } from '#src/accounts/owner-notices.ts'
import type { EndOptions } from '#src/accounts/sessions.ts'
import { makeSettings } from '#src/accounts/settings.ts'
import { loadConfig } from '#src/config/load.ts'
import { makePasswordChanging, type PasswordChange } from '#src/factors/password/changing.ts'
import { argon2Hasher } from '#src/factors/password/hash.ts'
import { makePasswordHistory } from '#src/factors/password/history.ts'
import { noLeakedPasswords } from '#src/factors/password/leaked/leaked-passwords.ts'
import { passwordProfiles } from '#src/factors/password/profile.ts'
import { makePasswordRules } from '#src/factors/password/rules.ts'
import type { Realm } from '#src/kernel/realms.ts'
import { type DataKeys, makeDataKeys, openKeyring } from '#src/store/keyring.ts'
import { makeThrottle } from '#src/throttle/throttle.ts'
import { type Citizen, worldOfFile } from '../world.ts'

const world = worldOfFile()
let citizen: Citizen
let dataKeys: DataKeys
/** What was ended, in order; `fail` makes the next call fail. */
const ended: unknown[] = []
const faults = { next: false }
beforeAll(async () => {
  const { db } = world.house.store
  dataKeys = makeDataKeys(
    db,
    await openKeyring(db, loadConfig({ KEY_ENCRYPTION_KEYS: world.keks, MODE: 'sandbox' }).keyEncryptionKeys),
  )
})
beforeEach(async () => {
  citizen = await world.citizen()
  ended.length = 0
})

const change: PasswordChange = { way: 'cabinet', origin: 'ref1', except: 'ref1', address: '192.0.2.1', device: 'Test' }
const passwords = ['ржавый якорь поёт 1', 'синий чайник 2 спит', 'тонкий мост 3 дышит', 'кривой гвоздь 4 ждёт'].map(
  (words) => `Ох, ${words}`,
)

function changing(env: Record<string, string> = {}) {
  const { store, accounts, outbox, journal } = world.house
  const clock = { now: () => new Date() }
  const notMe = makeNotMe({ store, clock, issuer: new URL('http://id.example') })
  const ownerNotices = makeOwnerNotices({ accounts, settings: makeSettings({ store, clock }), notMe, outbox })
  const profiles = passwordProfiles(loadConfig(env).passwords)
  return makePasswordChanging({
    store,
    history: makePasswordHistory({ store, dataKeys, hasher: argon2Hasher, clock }),
    hasher: argon2Hasher,
    rules: makePasswordRules({ profiles, leaked: noLeakedPasswords }),
    profiles,
    sessions: {
      async endAll(oid: number, options: EndOptions & { except?: string }) {
        if (faults.next) {
          faults.next = false
          throw new Error('the database is away')
        }
        return ended.push({ oid, ...options })
      },
    },
    forgetDevices: async (oid) => void ended.push({ forgotten: oid }),
    endLocks: async () => {},
    journal,
    ownerNotices,
    throttle: makeThrottle({ store, clock }),
    clock,
    log: pino({ level: 'silent' }),
  })
}

const matches = (password: string) => world.house.passwords.matches(citizen.oid, password)
const inRealm = (realm: Realm) =>
  world.house.store.db.updateTable('accounts').set({ realm }).where('oid', '=', citizen.oid).execute()

describe('a new password is refused', () => {
  test.each([
    ['short', 'password.too_short'],
    ['парольпароль', 'password.repeated'],
    ['кто такая Ветрова никто', 'password.personal_name'],
  ])('by the rules: %s', async (password, code) => {
    expect(await changing().change(citizen.oid, password, change)).toMatchObject({ ok: false, code })
    expect([await matches(citizen.password), ended]).toEqual([true, []])
  })

  test('when it is the current one', async () => {
    expect(await changing().change(citizen.oid, citizen.password, change)).toMatchObject({ code: 'password.current' })
  })

  test('in the twenty-first try of an hour, in however many processes at once: it may be somebody who guesses the current one', async () => {
    const guess = (n: number) => changing().check(account, n === 0 ? citizen.password : passwords[0]!)
    const account = await world.house.accounts.read(citizen.oid)
    const tried = await Promise.all(Array.from({ length: 25 }, (_, n) => guess(n)))
    const refusals = tried.filter((one) => !one.ok && one.code === 'password.too_many_tries')
    expect(refusals).toHaveLength(5)
    expect(await guess(0)).toMatchObject({ code: 'password.too_many_tries', values: { minutes: expect.any(Number) } })
    expect(await changing().check(account, 'short')).toMatchObject({ code: 'password.too_short' })
  })

  test('when it is one of the last five, where the realm remembers them', async () => {
    const strict = changing({ PASSWORD_PROFILE_OPERATOR: 'fstec' })
    await inRealm('operator')
    const before = `${citizen.password}, А1`
    await strict.change(citizen.oid, before, change)
    for (const password of passwords) {
      expect(await strict.change(citizen.oid, password, change)).toMatchObject({ ok: true })
      if (password !== passwords.at(-1)) {
        expect(await strict.change(citizen.oid, before, change)).toMatchObject({ code: 'password.former' })
      }
    }
    expect(await strict.change(citizen.oid, passwords[0]!, change)).toMatchObject({ code: 'password.former' })
    const kept = await world.house.store.db
      .selectFrom('password_history')
      .select('seq')
      .where('oid', '=', citizen.oid)
      .execute()
    expect(kept).toHaveLength(4)
    await strict.change(citizen.oid, 'Ох, мятый парус 5 гудит', change)
    expect(await strict.change(citizen.oid, before, change)).toMatchObject({ ok: true })
  })

  test('where the realm wants a capital letter, a small one, a digit and a sign, and one is missing', async () => {
    const strict = changing({ PASSWORD_PROFILE_CITIZEN: 'fstec' })
    for (const password of ['ох, ржавый якорь 1', 'ОХ, РЖАВЫЙ ЯКОРЬ 1', 'Ох, ржавый якорь', 'Охржавыйякорьпоёт1'])
      expect(await strict.change(citizen.oid, password, change)).toMatchObject({ code: 'password.composition' })
  })
})

test('a realm that remembers nothing keeps no former password', async () => {
  await changing({ PASSWORD_PROFILE_CITIZEN: 'fstec' }).change(citizen.oid, passwords[0]!, change)
  await changing().change(citizen.oid, passwords[1]!, change)
  const kept = await world.house.store.db
    .selectFrom('password_history')
    .select('seq')
    .where('oid', '=', citizen.oid)
    .execute()
  expect(kept).toEqual([])
})

test('a change ends every other session and all known devices, is journalled and told on every contact', async () => {
  expect(await changing().change(citizen.oid, passwords[0]!, change)).toMatchObject({ ok: true })
  expect([await matches(citizen.password), await matches(passwords[0]!)]).toEqual([false, true])
  const ending = { oid: citizen.oid, offline: 'revoked', reason: 'password_changed', except: 'ref1' }
  expect(ended).toEqual([ending, { forgotten: citizen.oid }])
  expect((await world.journal(citizen.oid))[0]).toMatchObject({
    type: 'password.changed',
    fields: { way: 'cabinet', origin: 'ref1' },
  })
  for (const contact of [citizen.phone, citizen.email]) expect((await world.message(contact)).text).toMatch(/изменён/)
})

test('of two changes at once both are stored whole, one after the other', async () => {
  const strict = changing({ PASSWORD_PROFILE_CITIZEN: 'fstec' })
  await Promise.all(passwords.map((password) => strict.change(citizen.oid, password, change)))
  const now = await Promise.all(passwords.map(matches))
  expect(now.filter(Boolean)).toHaveLength(1)
  const kept = await world.house.store.db
    .selectFrom('password_history')
    .select('seq')
    .where('oid', '=', citizen.oid)
    .execute()
  expect(kept).toHaveLength(4)
})

test('sessions that could not be ended with the change are ended soon after', async () => {
  faults.next = true
  expect(await changing().change(citizen.oid, passwords[0]!, change)).toMatchObject({ ok: true })
  expect([await matches(passwords[0]!), ended]).toEqual([true, []])
  await changing().finish()
  expect(ended).toContainEqual(expect.objectContaining({ oid: citizen.oid, except: 'ref1' }))
  ended.length = 0
  await changing().finish()
  expect(ended).toEqual([])
})

test('a password is a first one where there was none', async () => {
  await world.house.store.db.deleteFrom('passwords').where('oid', '=', citizen.oid).execute()
  expect(await changing().change(citizen.oid, passwords[0]!, change)).toMatchObject({ ok: true })
  expect(await matches(passwords[0]!)).toBe(true)
})
