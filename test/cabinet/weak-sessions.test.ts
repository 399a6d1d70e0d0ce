import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addApp, addRecoveryCodes, appCode, forge } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import { SoftKey } from '../factors/webauthn/soft-key.ts'
import { keyOptions } from '../login/enrolling.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter, enterCode } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { EMAIL, freshPhone, PHONE } from './changing-contacts.ts'

/** Every kind that an owner can remove; the account has one of each, and the key outranks all others. */
const KINDS = ['totp', 'recovery_code', 'webauthn']

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
let app: string
let codes: string[]
let key: SoftKey
let owner: Browser

beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  world.travel(61)
  await world.forgetAttempts()
  citizen = await world.citizen()
  owner = world.browser()
  app = await addApp(world, citizen, owner)
  codes = await addRecoveryCodes(world, citizen, owner)
  key = new SoftKey(world.origin)
  await owner.open('/security/add/webauthn')
  await owner.submit({ credential: key.create(keyOptions(owner)), name: 'Ключ' }, '/security/add/webauthn')
})

const list = () => world.house.authenticators.list(citizen.oid)

/** Everything that these doors could change. */
async function state(): Promise<unknown> {
  const { oid } = citizen
  const { store } = world.house
  const tables = [
    'account_settings',
    'contacts',
    'passwords',
    'delayed_changes',
    'contact_proposals',
    'totp_enrolments',
  ]
  const rows = await Promise.all(
    tables.map(async (table) => (await store.script(`select * from ${table} where oid = $1`, [oid])).rows),
  )
  return { rows, authenticators: (await list()).map(({ usedAt: _used, ...rest }) => rest) }
}

/** Every address behind which something of the account is removed, added, or weakened, and what its form would say. */
async function doors(): Promise<[string, Record<string, string>][]> {
  const removable = (await list()).filter((one) => one.removable)
  expect(removable.map(({ kind }) => kind).sort()).toEqual([...KINDS].sort())
  const ofEach = removable.flatMap(({ kind, id }): [string, Record<string, string>][] => [
    [`/security/${kind}/${id}/remove`, {}],
    [`/security/${kind}/${id}/name`, { name: 'Чужой' }],
    [`/security/${kind}/${id}/lost`, { code: 'AAAA-AAAA-AAAA-AAAA' }],
    [`/security/add/${kind}`, { code: '123456', name: 'Чужой', credential: '{}', challenge: '' }],
  ])
  return [
    ...ofEach,
    ['/security/second-factor', { secondFactor: 'no' }],
    ['/security/preferred', { preferredFactor: 'totp' }],
    ['/security/password', { current: citizen.password, password: 'ржавый якорь поёт громко' }],
    [PHONE, { phone: freshPhone() }],
    [EMAIL, { email: 'somebody.else@example.org' }],
    [`${EMAIL}/remove`, {}],
  ]
}

/** Goes straight to each address, by its form and without having seen its page. */
async function changesNothing(browser: Browser): Promise<void> {
  await browser.open(`${world.origin}/security`)
  expect(world.view).toBe('cabinet/security')
  const { csrf = '' } = browser.form().hidden
  const before = await state()
  for (const [path, fields] of await doors()) {
    await browser.open(`${world.origin}${path}`)
    await browser.post(`${world.origin}${path}`, new URLSearchParams({ csrf, ...fields }).toString())
    expect([path, browser.page.status < 500, await state()]).toEqual([path, true, before])
  }
}

/** A sign-in with the password and whatever else a service asked for. */
async function signIn(parameters: Record<string, string> = {}, kind?: string): Promise<Browser> {
  const browser = world.browser()
  world.travel(61)
  await enter(browser, party, citizen, parameters)
  if (kind) await browser.open(`${browser.page.url}?with=${kind}`)
  return browser
}

async function agree(browser: Browser): Promise<Browser> {
  expect(world.view).toBe('login/consent')
  await browser.submit({ decision: 'allow' }, '/consent')
  return browser
}

const AAL2 = { acr_values: 'aal2' }

describe('nothing that opens the account is removed, added or changed', () => {
  test('in a session by password', async () => {
    await changesNothing(await agree(await signIn()))
  })

  test('in a session by password and SMS', async () => {
    const before = world.sentTo(citizen.phone)
    const browser = await signIn(AAL2, 'code')
    await enterCode(world, browser, citizen, before)
    await changesNothing(await agree(browser))
  })

  test('in a session by password and app', async () => {
    const browser = await signIn(AAL2, 'totp')
    await browser.submit({ code: appCode(app) }, '/factor/totp')
    await changesNothing(await agree(browser))
  })

  test('in a session by password and recovery code', async () => {
    const browser = await signIn(AAL2, 'recovery_code')
    await browser.submit({ code: codes[0]! }, '/factor/recovery_code')
    await changesNothing(await agree(browser))
  })

  test('in a session by a key that did not verify its user', async () => {
    const browser = await signIn(AAL2, 'webauthn')
    const credential = key.get({ ...keyOptions(browser), userVerified: false })
    await browser.submit({ credential }, '/factor/webauthn')
    await changesNothing(await agree(browser))
  })

  test('in a session on a trusted device', async () => {
    const chosen = JSON.stringify({ secondFactor: true })
    const row = { oid: citizen.oid, chosen, changed_at: new Date() }
    await world.house.store.db.insertInto('account_settings').values(row).execute()
    const browser = await signIn({}, 'totp')
    await browser.submit({ code: appCode(app), trust: 'yes' }, '/factor/totp')
    await agree(browser)
    expect((await world.house.devices.list(citizen.oid)).some(({ trustedUntil }) => trustedUntil)).toBe(true)
    world.travel(13 * 3600)
    await enter(browser, party, citizen)
    expect(browser.callback.get('code')).not.toBeNull()
    await changesNothing(browser)
  })

  test('in the strongest session, five minutes after its sign-in', async () => {
    await strongest()
    world.travel(301)
    await changesNothing(owner)
  })
})

/** The owner proves the key, as the cabinet asks for it. */
async function strongest(): Promise<void> {
  await owner.open(`${world.origin}/security/add/totp`)
  await owner.submit({ credential: key.get(keyOptions(owner)) }, '/factor/webauthn')
  expect(world.view).toBe('factors/totp/enrol')
}

test.each(KINDS)('the strongest session of the last five minutes removes each: %s', async (kind) => {
  await strongest()
  world.travel(290)
  const found = (await list()).find((one) => one.kind === kind)!
  await forge(owner, `/security/${kind}/${found.id}/remove`)
  expect(owner.page.url).toMatch(/done=removed/)
  expect((await list()).map((one) => one.kind)).not.toContain(kind)
})
