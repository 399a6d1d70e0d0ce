import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Browser } from '../../browser-http.ts'
import { prove } from '../../proving.ts'
import type { ActingParty } from '../../relying-party.ts'
import { saying } from '../../saying.ts'
import { signedIn } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

/** Every release of personal data is journalled, without a value (R-F2). */

const world = worldOfFile({ env: { SIGNAL_MANY_ACCOUNTS: 'off' } })
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
})

const DAY_MS = 86_400_000

/** `channel: claims`, the oldest first. */
async function released(): Promise<string[]> {
  const events = (await world.journal(citizen.oid)).filter(({ type }) => type === 'data.released')
  return events.map(({ fields }) => `${fields.channel}: ${fields.claims}`).reverse()
}

describe('what is no release', () => {
  test('a sign-in that hands over no more than who it was', async () => {
    const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid' } })
    await party.userinfo(tokens.access_token)
    expect(await released()).toEqual([])
  })
  test('an answer that was refused, after the person took the consent back too', async () => {
    const parameters = { scope: 'openid email' }
    const { browser, tokens } = await signedIn(world, { party, citizen, parameters })
    await party.userinfo(`${tokens.access_token}x`)
    expect(await released()).toEqual([])
    await browser.open(await serviceAddress(browser))
    await browser.submit({}, new URL(browser.page.url).pathname)
    expect((await party.userinfo(tokens.access_token)).status).toBe(401)
    expect(await released()).toEqual([])
  })
})

async function serviceAddress(browser: Browser): Promise<string> {
  await browser.open('/services')
  return /href="(\/services\/[^"?]+)"/.exec(browser.page.html)![1]!
}

describe('a release is journalled', () => {
  test('with the names of what there was, not of what was asked for', async () => {
    const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid email snils inn' } })
    await party.userinfo(tokens.access_token)
    expect(await released()).toEqual(['userinfo: email email_verified'])
  })
  test('by id_token and by userinfo, once a day for the same data', async () => {
    const claims = JSON.stringify({ id_token: { email: null } })
    const parameters = { scope: 'openid phone', claims }
    const { tokens } = await signedIn(world, { party, citizen, parameters })
    const userinfo = () => party.userinfo(tokens.access_token)
    await userinfo()
    await Promise.all([userinfo(), userinfo()])
    const body = await party.refresh(tokens.refresh_token!)
    expect(body.status).toBe(200)
    const once = ['id_token: email', 'userinfo: phone_number phone_number_verified']
    expect(await released()).toEqual(once)
    const other = await world.relyingParty()
    await signedIn(world, { party: other, citizen, parameters })
    expect(await released()).toEqual([...once, 'id_token: email'])
  })
  test('once for all that a client asks for in now this, now that choice', async () => {
    const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid profile email phone' } })
    await party.userinfo(tokens.access_token)
    let refresh = tokens.refresh_token!
    for (const scope of ['openid email phone', 'openid email', 'openid phone', 'openid profile']) {
      const { body } = await party.refresh(refresh, { scope })
      refresh = body.refresh_token!
      expect((await party.userinfo(body.access_token)).status).toBe(200)
    }
    expect((await released()).filter((one) => one.startsWith('userinfo'))).toHaveLength(1)
  })
  test('again after the consent was taken back and given anew', async () => {
    const parameters = { scope: 'openid email' }
    const first = await signedIn(world, { party, citizen, parameters })
    await party.userinfo(first.tokens.access_token)
    await first.browser.open(await serviceAddress(first.browser))
    await first.browser.submit({}, new URL(first.browser.page.url).pathname)
    const second = await signedIn(world, { party, citizen, parameters })
    await party.userinfo(second.tokens.access_token)
    expect(await released()).toHaveLength(2)
  })
  test('again when a day has passed, and at once where it is more', async () => {
    const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid snils identity_level' } })
    await party.userinfo(tokens.access_token)
    await prove(world, citizen, 'standard')
    await party.userinfo(tokens.access_token)
    expect(await released()).toEqual(['userinfo: identity_level', 'userinfo: identity_level snils'])
    await world.house.store.db
      .updateTable('releases')
      .set({ at: new Date(Date.now() - DAY_MS) })
      .where('oid', '=', citizen.oid)
      .execute()
    await party.userinfo(tokens.access_token)
    expect(await released()).toHaveLength(3)
  })
  test('of verified claims too, told apart from plain ones', async () => {
    await prove(world, citizen, 'standard')
    const verified_claims = [{ verification: { trust_framework: null }, claims: { birthdate: null, snils: null } }]
    const claims = JSON.stringify({ userinfo: { birthdate: null, verified_claims } })
    const { browser, tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid', claims } })
    await party.userinfo(tokens.access_token)
    expect(await released()).toEqual([
      'userinfo: birthdate verified_claims verified_claims.birthdate verified_claims.snils',
    ])
    await browser.open('/security/journal?group=data')
    const inWords =
      'Дата рождения, Как подтверждены эти данные, Дата рождения (с подтверждением), СНИЛС (с подтверждением)'
    expect(browser.page.html).toContain(inWords)
    await browser.open(await serviceAddress(browser))
    expect(browser.page.html).toContain(inWords)
  })
  test('of the document that a proof rests on, where more of it is told than its type', async () => {
    await prove(world, citizen, 'verified')
    const evidence = (document_details: object) => [{ type: { value: 'document' }, document_details }]
    const asking = (document_details: object) => {
      const verification = { trust_framework: null, evidence: evidence(document_details) }
      return JSON.stringify({ userinfo: { verified_claims: { verification, claims: {} } } })
    }
    for (const details of [{}, { document_number: null }]) {
      const parameters = { scope: 'openid', claims: asking(details) }
      const { tokens } = await signedIn(world, { party, citizen, parameters })
      await party.userinfo(tokens.access_token)
    }
    expect(await released()).toEqual(['userinfo: verified_claims', 'userinfo: verified_claims verified_claims.id_doc'])
  })
  test('no value stands in it', async () => {
    const snils = await prove(world, citizen, 'standard')
    const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid profile phone snils' } })
    await party.userinfo(tokens.access_token)
    const told = JSON.stringify((await world.journal(citizen.oid)).filter(({ type }) => type === 'data.released'))
    expect(told).not.toMatch(new RegExp(`${snils}|Ветрова|1990-04-12|${citizen.phone.slice(1)}`))
  })
})

test('the person sees it in the journal and at the service', async () => {
  const { browser, tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid email' } })
  await party.userinfo(tokens.access_token)
  await browser.open('/security/journal?group=data')
  expect(browser.page.html).toMatch(saying('journal.data.released'))
  expect(browser.page.html).toMatch(saying('consent.item.email'))
  await browser.open(await serviceAddress(browser))
  expect(browser.page.html).toMatch(saying('cabinet.service_released'))
  expect(browser.page.html).not.toMatch(saying('cabinet.service_last_unknown'))
})

test('a userinfo answer that was told of already writes nothing', async () => {
  const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid email' } })
  await party.userinfo(tokens.access_token)
  const run = vi.spyOn(world.house.store, 'run')
  await party.userinfo(tokens.access_token)
  const texts = run.mock.calls.map(([{ text }]) => text)
  run.mockRestore()
  expect(texts.filter((text) => /insert|update|delete/i.test(text))).toEqual([])
})
