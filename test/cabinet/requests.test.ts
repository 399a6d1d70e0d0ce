import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import { asked, cibaClient, fetchResult } from '../oidc/ciba/acting-client.ts'
import type { ActingParty } from '../relying-party.ts'
import { saying } from '../saying.ts'
import { type Citizen, worldOfFile } from '../world.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await cibaClient(world)
})
beforeEach(async () => {
  citizen = await world.citizen()
})

async function atRequests(person = citizen): Promise<Browser> {
  const browser = world.browser()
  await browser.open('/requests')
  await browser.submit({ identifier: person.phone, password: person.password }, '/identify')
  return browser
}

test('whoever is signed in sees what waits, with the data that would go out, and approves', async () => {
  const request = await asked(world, party, { login_hint: citizen.phone, binding_message: 'Талон 12' })
  const browser = await atRequests()
  expect(world.view).toBe('cabinet/requests')
  for (const shown of ['Соцвыплаты онлайн', 'Талон 12', 'Ветрова', 'Чтобы заполнить заявление'])
    expect(browser.page.html).toContain(shown)
  await browser.submit({ decision: 'approve' })
  expect(browser.page.html).toMatch(saying('cabinet.request_approved'))
  expect(browser.page.html).toMatch(saying('cabinet.requests_none'))
  const claims = await party.claims((await fetchResult(party, request)).body.id_token)
  expect(claims).toMatchObject({ sub: String(citizen.oid), acr: 'aal1', amr: ['pwd'] })
})

test('for how long the data can be fetched is said before the decision, and not where that was agreed to before', async () => {
  const term = saying('consent.term_text', { count: 365 })
  await asked(world, party, { login_hint: citizen.phone })
  const browser = await atRequests()
  expect(browser.page.html).toMatch(term)
  await browser.submit({ decision: 'approve' })
  await asked(world, party, { login_hint: citizen.phone })
  await browser.open('/requests')
  expect(browser.form().action).toContain('/requests/')
  expect(browser.page.html).not.toMatch(term)
})

test('what goes on without the person is said before the decision', async () => {
  await asked(world, party, { login_hint: citizen.phone })
  const browser = await atRequests()
  expect(browser.page.html).not.toMatch(saying('consent.offline'))
  await asked(world, party, { login_hint: citizen.phone, scope: 'openid offline_access' })
  await browser.open('/requests')
  expect(browser.page.html).toMatch(saying('consent.offline'))
})

test('or refuses, at whatever level', async () => {
  const strong = await cibaClient(world, { minimum_acr: 'aal2' })
  const request = await asked(world, strong, { login_hint: citizen.phone })
  const browser = await atRequests()
  await browser.submit({ decision: 'refuse' })
  expect(browser.page.html).toMatch(saying('cabinet.request_refused'))
  expect((await fetchResult(strong, request)).body.error).toBe('access_denied')
})

test('a form without a button, and one for a request that is over, are told', async () => {
  await asked(world, party, { login_hint: citizen.phone })
  const browser = await atRequests()
  await browser.submit({})
  expect(browser.page.status).toBe(422)
  expect(browser.page.html).toMatch(saying('cabinet.decision_missing'))
  const { action, hidden } = browser.form()
  await browser.submit({ decision: 'refuse' })
  await browser.post(action, new URLSearchParams({ ...hidden, decision: 'approve' }).toString())
  expect(browser.page.status).toBe(404)
  expect(browser.page.html).toMatch(saying('cabinet.request_gone'))
})

test('nobody sees or decides what waits for somebody else', async () => {
  const request = await asked(world, party, { login_hint: citizen.phone, binding_message: 'Talon 77' })
  const owner = await atRequests()
  const { action } = owner.form()
  const stranger = await world.citizen()
  await asked(world, party, { login_hint: stranger.phone })
  const other = await atRequests(stranger)
  expect(other.page.html).not.toContain('Talon 77')
  const { hidden } = other.form()
  await other.post(action, new URLSearchParams({ ...hidden, decision: 'approve' }).toString())
  expect(other.page.status).toBe(404)
  expect((await fetchResult(party, request)).body.error).toBe('authorization_pending')
})

test('of two decisions at once one counts', async () => {
  await asked(world, party, { login_hint: citizen.phone })
  const browsers = [await atRequests(), await atRequests()]
  await Promise.all(browsers.map((browser) => browser.submit({ decision: 'approve' })))
  const types = (await world.journal(citizen.oid)).map(({ type }) => type)
  expect(types.filter((type) => type === 'ciba.approved')).toHaveLength(1)
})

test('an approval of something stronger asks for the missing factor first', async () => {
  const request = await asked(world, party, { login_hint: citizen.phone, acr_values: 'aal2' })
  const browser = await atRequests()
  await browser.submit({ decision: 'approve' })
  expect(world.view).toBe('login/code')
  expect((await fetchResult(party, request)).body.error).toBe('authorization_pending')
})
