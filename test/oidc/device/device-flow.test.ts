import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { Browser } from '../../browser-http.ts'
import type { ActingParty } from '../../relying-party.ts'
import { saying } from '../../saying.ts'
import { enterCode } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'
import { beginDevice, deviceClient, poll } from './acting-device.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
let browser: Browser
beforeAll(async () => {
  party = await deviceClient(world)
})
beforeEach(async () => {
  citizen = await world.citizen()
  browser = world.browser()
})

/** Types the code and says that it is the one on the screen. */
async function confirm(userCode: string): Promise<void> {
  await browser.open('/device')
  await browser.submit({ user_code: userCode }, '/device')
  await browser.submit({ confirm: 'yes' }, '/device')
}

async function signIn(): Promise<void> {
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  if (world.view === 'login/consent') await browser.submit({ decision: 'allow' }, '/consent')
}

test('a device is signed in after the person compared the code, signed in and agreed', async () => {
  const begun = await beginDevice(world, party, { acr_values: 'aal1' })
  expect(begun).toMatchObject({ verification_uri: `${world.origin}/device`, expires_in: 600, interval: 5 })
  expect((await poll(party, begun)).body.error).toBe('authorization_pending')
  await confirm(begun.user_code)
  expect(world.view).toBe('login/password')
  await signIn()
  expect(new URL(browser.page.url).pathname).toBe('/device/done')
  expect(browser.page.html).toMatch(saying('device.done_text'))
  const { status, body } = await poll(party, begun)
  expect(status).toBe(200)
  const claims = await party.claims(body.id_token)
  expect(claims).toMatchObject({ sub: String(citizen.oid), acr: 'aal1', amr: ['pwd'] })
  expect(claims.auth_time).toBeGreaterThan(0)
  expect((await party.userinfo(body.access_token)).body).toMatchObject({ family_name: 'Ветрова' })
  const types = (await world.journal(citizen.oid)).map(({ type }) => type)
  expect(types).toEqual(expect.arrayContaining(['device.approved', 'login.succeeded', 'consent.granted']))
})

test('whoever is signed in and agreed before only compares the code', async () => {
  await confirm((await beginDevice(world, party)).user_code)
  await signIn()
  const begun = await beginDevice(world, party)
  await confirm(begun.user_code)
  expect(world.view).toBe('oidc/device-decided')
  expect((await poll(party, begun)).status).toBe(200)
  expect((await world.journal(citizen.oid))[0]).toMatchObject({ type: 'device.approved' })
  expect((await world.journal(citizen.oid))[1]).toMatchObject({ type: 'session.used' })
})

test('the level that the device asks for is reached first', async () => {
  await confirm((await beginDevice(world, party)).user_code)
  await signIn()
  const begun = await beginDevice(world, party, { acr_values: 'aal2' })
  const before = world.sentTo(citizen.phone)
  await confirm(begun.user_code)
  expect(world.view).toBe('login/code')
  expect((await poll(party, begun)).body.error).toBe('authorization_pending')
  await enterCode(world, browser, citizen, before)
  expect(await party.claims((await poll(party, begun)).body.id_token)).toMatchObject({ acr: 'aal2' })
})

test('a level that nobody can reach ends the request', async () => {
  const begun = await beginDevice(world, party, { acr_values: 'urn:never' })
  await confirm(begun.user_code)
  expect(browser.page.html).toMatch(saying('device.failed_text'))
  expect((await poll(party, begun)).body.error).toBe('unmet_authentication_requirements')
})

test('so does one that this person cannot reach', async () => {
  const begun = await beginDevice(world, party, { acr_values: 'aal3' })
  await confirm(begun.user_code)
  await signIn()
  await browser.submit({}, '/unmet')
  expect(browser.page.html).toMatch(saying('device.failed_text'))
  expect((await poll(party, begun)).body.error).toBe('unmet_authentication_requirements')
})

test('who refuses on the page of the code is heard by the device, once', async () => {
  const begun = await beginDevice(world, party)
  await browser.open('/device')
  await browser.submit({ user_code: begun.user_code }, '/device')
  await browser.submit({ abort: 'yes' }, '/device')
  expect(new URL(browser.page.url).pathname).toBe('/device/refused')
  expect((await poll(party, begun)).body.error).toBe('access_denied')
  expect((await poll(party, begun)).body.error).toBe('invalid_grant')
  expect((await world.journal(0)).some(({ type }) => type === 'device.refused')).toBe(true)
})

test('who refuses the consent too', async () => {
  const begun = await beginDevice(world, party)
  await confirm(begun.user_code)
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  await browser.submit({ decision: 'deny' }, '/consent')
  expect(new URL(browser.page.url).pathname).toBe('/device/refused')
  expect((await poll(party, begun)).body.error).toBe('access_denied')
  expect((await world.journal(citizen.oid))[0]).toMatchObject({ type: 'consent.refused' })
  const { registration } = party
  expect((await world.journal(0))[0]).toMatchObject({
    type: 'device.refused',
    fields: { account: 0, client: registration.client_id },
  })
})

test('a new sign-in can be asked for, and another person may take over', async () => {
  await confirm((await beginDevice(world, party)).user_code)
  await signIn()
  const other = await world.citizen()
  world.travel(5)
  const begun = await beginDevice(world, party, { max_age: '0' })
  await confirm(begun.user_code)
  await browser.submit({ identifier: other.phone, password: other.password }, '/identify')
  await browser.submit({ decision: 'allow' }, '/consent')
  if (world.view === 'oidc/continue') await browser.submit({})
  expect(new URL(browser.page.url).pathname).toBe('/device/done')
  expect((await party.claims((await poll(party, begun)).body.id_token)).sub).toBe(String(other.oid))
})

test.each([
  ['ends with the session that approved it', 'openid', 401, 400],
  ['outlives it with `offline_access`', 'openid offline_access', 200, 200],
])('what the device got %s', async (_what, scope, userinfo, refresh) => {
  const begun = await beginDevice(world, party, { scope })
  await confirm(begun.user_code)
  await signIn()
  const { body } = await poll(party, begun)
  await browser.open(`${world.origin}/oauth2/logout`)
  await browser.submit({ logout: 'yes' })
  expect((await party.userinfo(body.access_token)).status).toBe(userinfo)
  expect((await party.refresh(body.refresh_token!)).status).toBe(refresh)
})
