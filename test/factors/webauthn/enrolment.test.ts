import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Factor } from '#src/factors/factor.ts'
import { type Citizen, startWorld, type World } from '../../world.ts'
import { asked, confirmed, enrol, factorOf } from './enrolled.ts'
import { type Ceremony, SoftKey } from './soft-key.ts'

let world: World
let beside: World
let factor: Factor
let elsewhere: Factor
let citizen: Citizen

beforeAll(async () => {
  world = await startWorld()
  beside = await startWorld({ beside: world })
  factor = await factorOf(world)
  elsewhere = await factorOf(beside)
})
beforeEach(async () => {
  citizen = await world.citizen()
})
afterAll(async () => {
  await beside?.stop()
  await world?.stop()
})

const list = () => factor.authenticators(citizen.oid)
const fresh = (habits?: ConstructorParameters<typeof SoftKey>[1]) => new SoftKey(world.origin, habits)
const refusal = (code: string) => ({ ok: false, error: { code } })

/** What comes of an answer that is made differently in one point. */
async function outcomeOf(change: Partial<Ceremony>, key = fresh()) {
  const options = await asked(factor, citizen)
  return confirmed(factor, citizen, { credential: key.create({ ...options, ...change }) })
}

describe('what is refused', () => {
  test.each<[string, Partial<Ceremony>]>([
    ['of another site', { origin: 'https://evil.example' }],
    ['of another port of this host', { origin: 'http://localhost:3001' }],
    ['for another RP ID', { rpId: 'evil.example' }],
    ['that was meant for a sign-in', { type: 'webauthn.get' }],
    ['of a page within a page', { crossOrigin: true }],
    ['of a page within another site', { topOrigin: 'https://evil.example' }],
    ['without anybody being present', { userPresent: false }],
    ['of a key that is backed up and cannot be', { synced: false, backedUp: true }],
  ])('an answer %s', async (_what, change) => {
    expect(await outcomeOf(change)).toMatchObject({ ok: false })
    expect(await list()).toEqual([])
  })

  test('a challenge that was answered before', async () => {
    const options = await asked(factor, citizen)
    expect(await confirmed(factor, citizen, { credential: fresh().create(options) })).toMatchObject({ ok: true })
    const again = await confirmed(factor, citizen, { credential: fresh().create(options) })
    expect(again).toMatchObject(refusal('webauthn.expired'))
    expect(await list()).toHaveLength(1)
  })

  test('of twenty answers to one challenge in two processes, nineteen', async () => {
    const options = await asked(factor, citizen)
    const answers = Array.from({ length: 20 }, (_, n) =>
      confirmed(n % 2 ? factor : elsewhere, citizen, { credential: fresh().create(options) }),
    )
    expect((await Promise.all(answers)).filter(({ ok }) => ok)).toHaveLength(1)
    expect(await list()).toHaveLength(1)
  })

  test('a challenge of another session, of another account, of a sign-in, of nobody', async () => {
    const stranger = await world.citizen()
    const login = { uid: 'uid', oid: citizen.oid, locale: 'ru', network: '', wanted: 'aal2' } as const
    const challenges = [
      (await asked(factor, citizen, 'another-session')).challenge,
      (await asked(factor, stranger)).challenge,
      String(factor.opening!.ask({ ...login, opening: true }).challenge),
      JSON.parse(String((await factor.begin(login)).model.options)).challenge,
      Buffer.alloc(36).toString('base64url'),
    ]
    for (const challenge of challenges)
      expect(await outcomeOf({ challenge })).toMatchObject(refusal('webauthn.expired'))
    expect(await list()).toEqual([])
  })

  test('a challenge older than five minutes', async () => {
    const options = await asked(factor, citizen)
    world.travel(301)
    expect(await confirmed(factor, citizen, { credential: fresh().create(options) })).toMatchObject(
      refusal('webauthn.expired'),
    )
    vi.useRealTimers()
  })

  test('a key that is enrolled already, with this account or another', async () => {
    const key = fresh()
    await enrol(factor, citizen, key)
    expect(await outcomeOf({}, key)).toMatchObject(refusal('webauthn.taken'))
    citizen = await world.citizen()
    expect(await outcomeOf({}, fresh({ credentialId: key.credentialId }))).toMatchObject(refusal('webauthn.taken'))
    expect(await list()).toEqual([])
  })

  test('an eleventh key, also of several at once', async () => {
    for (let n = 0; n < 8; n++) await enrol(factor, citizen, fresh())
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => outcomeOf({})))
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(2)
    expect(outcomes.find(({ ok }) => !ok)).toMatchObject(refusal('webauthn.too_many'))
    expect(await list()).toHaveLength(10)
  })
})

test('the statement of an attestation that nobody asked for is not looked at, nor what it names fetched', async () => {
  const fetched = vi.spyOn(globalThis, 'fetch')
  const x5c = [new Uint8Array(Buffer.from('not a certificate'))]
  for (const fmt of ['packed', 'tpm', 'android-safetynet', 'unheard-of']) {
    const attStmt = new Map<string, unknown>([
      ['x5c', x5c],
      ['alg', -7],
      ['sig', new Uint8Array(8)],
    ])
    expect(await outcomeOf({ statement: { fmt, attStmt } })).toMatchObject({ ok: true })
  }
  expect(fetched).not.toHaveBeenCalled()
  fetched.mockRestore()
})

test('the page names the site, a handle that tells nothing of the account, and the keys that there are', async () => {
  const key = fresh()
  await enrol(factor, citizen, key)
  const options = (await asked(factor, citizen)) as unknown as Record<string, Record<string, unknown>>
  expect(options.rp).toEqual({ id: 'localhost', name: 'Пропуск' })
  expect(options.user).toMatchObject({ id: key.userHandle, name: String(citizen.oid), displayName: 'Ольга Ветрова' })
  expect(Buffer.from(key.userHandle, 'base64url')).toHaveLength(32)
  expect(options.excludeCredentials).toMatchObject([{ id: key.credentialId, transports: ['internal'] }])
  expect(options.attestation).toBe('none')
  const other = await asked(factor, await world.citizen())
  expect(other.user.id).not.toBe(key.userHandle)
})

test.each([
  ['a hardware key that verifies its user', {}, { multiFactor: true, hardware: true, ceiling: 'aal3' }],
  ['a synced passkey', { synced: true }, { multiFactor: true, hardware: false, ceiling: 'aal2' }],
  ['a key without user verification', { userVerified: false }, { multiFactor: false, hardware: true, ceiling: 'aal2' }],
])('%s is told by its flags', async (_what, habits, worth) => {
  await enrol(factor, citizen, fresh(habits), 'Рабочий ключ')
  expect(await list()).toMatchObject([
    { kind: 'webauthn', name: 'Рабочий ключ', worth: { phishingResistant: true, ...worth } },
  ])
  expect(await factor.worths(citizen.oid)).toMatchObject([worth])
})

describe('a key that is there', () => {
  const inTx = <T>(work: Parameters<typeof world.house.store.tx<T>>[0]) => world.house.store.tx(work)
  const enrolment = () => factor.enrolment!
  const only = async () => (await list())[0]!

  test('is renamed and removed by its own account only', async () => {
    await enrol(factor, citizen, fresh(), 'Первый')
    const { id } = await only()
    const { oid } = await world.citizen()
    expect(await inTx((tx) => enrolment().rename!(tx, oid, id, 'Чужой'))).toBe(false)
    expect(await inTx((tx) => enrolment().remove!(tx, oid, id, 'o'))).toBe(false)
    expect(await inTx((tx) => enrolment().rename!(tx, citizen.oid, id, 'Второй'))).toBe(true)
    expect((await only()).name).toBe('Второй')
    expect(await inTx((tx) => enrolment().remove!(tx, citizen.oid, id, 'o'))).toBe(true)
    expect(await inTx((tx) => enrolment().remove!(tx, citizen.oid, id, 'o'))).toBe(false)
    expect(await list()).toEqual([])
  })

  test('goes with the session that added it, and comes back with the one that removed it', async () => {
    const [good, bad] = [fresh(), fresh()]
    await enrol(factor, citizen, good, 'Мой')
    const { id } = await only()
    const credential = bad.create(await asked(factor, citizen, 'thief'))
    await confirmed(factor, citizen, { credential, name: 'Чужой' }, 'thief')
    await inTx((tx) => enrolment().remove!(tx, citizen.oid, id, 'thief'))
    expect(await list()).toMatchObject([{ name: 'Чужой' }])
    expect(await inTx((tx) => enrolment().undo(tx, citizen.oid, ['thief']))).toBe(2)
    expect(await list()).toMatchObject([{ name: 'Мой' }])
    expect(await inTx((tx) => enrolment().undo(tx, citizen.oid, ['thief']))).toBe(0)
    // The thief's key is nobody's again, the owner's still is the owner's.
    citizen = await world.citizen()
    expect(await outcomeOf({}, good)).toMatchObject(refusal('webauthn.taken'))
    expect(await outcomeOf({}, bad)).toMatchObject({ ok: true })
  })

  test('that was removed can be enrolled again', async () => {
    const key = fresh()
    await enrol(factor, citizen, key)
    const { id } = await only()
    await inTx((tx) => enrolment().remove!(tx, citizen.oid, id, 'o'))
    expect(await outcomeOf({}, key)).toMatchObject({ ok: true })
    expect(await inTx((tx) => enrolment().undo(tx, citizen.oid, ['o']))).toBe(0)
    expect(await list()).toHaveLength(1)
  })
})
