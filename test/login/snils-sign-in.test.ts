import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { formatSnils } from '#src/accounts/fields/snils.ts'
import { argon2Hasher } from '#src/factors/password/hash.ts'
import { attemptKey } from '#src/login/identifier.ts'
import { ANYWHERE, elsewhere, strangersGuess, tryPassword } from '../guessing.ts'
import { type Watch, type Work, watchWork } from '../hostile/work.ts'
import type { ActingParty } from '../relying-party.ts'
import { SOME, saying } from '../saying.ts'
import { enter } from '../signing-in.ts'
import { type Citizen, startWorld, type World } from '../world.ts'

const SNILS = '11223344595'
/** Nobody's. */
const OTHER = '11223344696'
/** May be the telephone number `8 991 000-00-11` as well. */
const BOTH = '89910000011'
const PERSON = { familyName: 'Соснина', givenName: 'Вера', birthDate: '1985-02-03', gender: 'female' } as const

let world: World
let party: ActingParty
let watch: Watch
let citizen: Citizen
beforeAll(async () => {
  watch = watchWork()
  world = await startWorld({ env: ANYWHERE, replacements: { hasher: watch.hasher } })
  party = await world.relyingParty()
})
beforeEach(async () => {
  await world.house.store.db.deleteFrom('identifiers').execute()
  await world.forgetAttempts()
  citizen = await world.citizen()
})
afterAll(async () => {
  await world.stop()
  vi.restoreAllMocks()
})

/** What the registries confirmed becomes the owner's. */
async function withSnils(who: Citizen, snils: string): Promise<Citizen> {
  const { store, identityRecords, ownerNotices } = world.house
  const owner = await ownerNotices.ownerOf(who.oid)
  const reason = { cause: 'reconciled', actor: 'registry', origin: '' }
  await store.tx((tx) => identityRecords.change(tx, owner, reason, (record) => record.claimSnils(snils)))
  return { ...who, phone: snils }
}

const browser = () => world.browser({ address: elsewhere() })

/** The owner's name on the page of the consent tells who was signed in. */
const signsIn = async (who: Citizen) => (await enter(browser(), party, who)).html.includes('/consent')

const wrong = (identifier: string): Promise<Work> => {
  const opened = browser()
  return opened
    .open(party.authorizationUrl())
    .then(() => watch.workOf(() => opened.submit({ identifier, password: 'не тот пароль' }, '/identify')))
}

describe('nothing tells whether anybody has a SNILS', () => {
  test.each([
    [SNILS, OTHER],
    [formatSnils(SNILS), formatSnils(OTHER)],
  ])('a wrong password for %s and for %s is one answer', async (held, free) => {
    await withSnils(citizen, SNILS)
    const [known, unknown] = [await wrong(held), await wrong(free)]
    expect(known).toMatchObject({ status: 422, hashes: 1 })
    expect(known.statements.length).toBeGreaterThan(3)
    expect(unknown).toEqual(known)
  })

  test('nor is it of a number that may be either, whoever holds it', async () => {
    const nobody = await wrong(BOTH)
    const bySnils = await withSnils(citizen, BOTH).then(() => wrong(BOTH))
    await heldAsPhone(BOTH)
    expect(bySnils).toEqual(nobody)
    expect(await wrong(BOTH)).toEqual(nobody)
  })

  test('nor does slowing, up to the proof of work', async () => {
    await withSnils(citizen, SNILS)
    for (let n = 0; n < 8; n++) {
      world.travel(61)
      expect(await wrong(OTHER)).toEqual(await wrong(SNILS))
    }
  })
})

test.each(['11223344595', '112-233-445 95', '112 233 445 95', '№ 112–233–445–95'])('signs in by %s', async (typed) => {
  await withSnils(citizen, SNILS)
  expect(await signsIn({ ...citizen, phone: typed })).toBe(true)
})

test('a SNILS that was not confirmed, or is somebody else’s, opens nothing', async () => {
  expect(await signsIn({ ...citizen, phone: SNILS })).toBe(false)
  await withSnils(await world.citizen({ password: 'совсем другой пароль' }), SNILS)
  expect(await signsIn({ ...citizen, phone: SNILS })).toBe(false)
})

describe('a number that may be either', () => {
  test('is the SNILS where nobody has it as a telephone', async () => {
    await withSnils(citizen, BOTH)
    expect(await signsIn({ ...citizen, phone: BOTH })).toBe(true)
  })

  test('is the telephone of whoever has it; the SNILS signs in as it is printed', async () => {
    await withSnils(citizen, BOTH)
    const other = await heldAsPhone(BOTH)
    expect(await signsIn({ ...citizen, phone: BOTH })).toBe(false)
    expect(await signsIn({ ...other, phone: BOTH })).toBe(true)
    expect(await signsIn({ ...citizen, phone: formatSnils(BOTH) })).toBe(true)
  })
})

test('a lock of the SNILS is told to its owner and ends when they come in otherwise', async () => {
  const bySnils = await withSnils(citizen, SNILS)
  const LOCKED = saying('login.locked', { minutes: SOME })
  const own = browser()
  await enter(own, party, citizen)
  await own.submit({ decision: 'allow' }, '/consent')
  const typed = { ...bySnils, password: 'не тот пароль' }
  await strangersGuess({ world, party, typed }, ({ html }) => LOCKED.test(html))
  const before = await tryPassword(browser(), party, bySnils)
  expect(before.html).toMatch(LOCKED)
  await tryPassword(own, party, bySnils, { prompt: 'login' })
  expect((await tryPassword(browser(), party, bySnils)).html).not.toMatch(LOCKED)
  expect(attemptKey('snils', SNILS)).toBe(SNILS)
})

/** Another account whose telephone number this is. */
async function heldAsPhone(digits: string): Promise<Citizen> {
  const { store, accounts, passwords } = world.house
  const [phone, password] = [`+7${digits.slice(1)}`, 'пароль владельца телефона']
  const phc = await argon2Hasher.hash(password)
  const oid = await store.tx(async (tx) => {
    const made = await accounts.create(tx, { person: PERSON, phone, consentVersion: '1', dataKey: randomBytes(32) })
    if (!made.ok) throw new Error(`the ${made.clash} is taken`)
    await passwords.enrol(tx, made.oid, phc)
    return made.oid
  })
  return { oid, phone, email: '', password }
}
