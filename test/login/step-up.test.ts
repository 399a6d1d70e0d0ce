import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import { exchange } from '../hostile/raw-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter, enterCode, signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { forge, signInOf } from './enrolling.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
let browser: Browser
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
  ;({ browser } = await signedIn(world, { party, citizen }))
})

const aal2 = () => party.authorizationUrl({ acr_values: 'aal2' })
const cookiesOf = (of: Browser) =>
  of
    .cookies()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')

/** Where an authorization request without pages ends, for whoever has these cookies. */
async function silently(cookies: string, parameters: Record<string, string> = {}): Promise<URLSearchParams> {
  const { pathname, search } = new URL(party.authorizationUrl({ prompt: 'none', ...parameters }))
  const { headers } = await exchange(world.listens, { target: pathname + search, headers: { Cookie: cookies } })
  return new URL(headers.get('location')![0]!).searchParams
}

async function claimsAt(of: Browser) {
  const { status, body } = await party.redeem(of.callback.get('code')!)
  expect(status).toBe(200)
  return party.claims(body.id_token)
}

describe('a session cookie from before a step-up', () => {
  test('opens nothing after it', async () => {
    const stolen = cookiesOf(browser)
    expect((await silently(stolen)).get('code')).not.toBeNull()
    await browser.open(aal2())
    await enterCode(world, browser, citizen, 0)
    expect(await claimsAt(browser)).toMatchObject({ acr: 'aal2' })
    expect((await silently(stolen, { acr_values: 'aal2' })).get('error')).toBe('login_required')
    expect((await silently(stolen)).get('error')).toBe('login_required')
    expect((await silently(cookiesOf(browser), { acr_values: 'aal2' })).get('code')).not.toBeNull()
  })

  test('gains nothing while it is under way', async () => {
    const stolen = cookiesOf(browser)
    await browser.open(aal2())
    expect((await silently(stolen, { acr_values: 'aal2' })).get('error')).toBe('login_required')
  })
})

describe('a step-up raises the session that it was begun in, and no other', () => {
  test('not that of whoever has signed in in this browser meanwhile', async () => {
    await browser.open(aal2())
    const { url } = browser.page
    const other = await world.citizen()
    await enter(browser, party, other, { prompt: 'login', scope: 'openid' })
    await browser.submit({ decision: 'allow' }, '/consent')
    // The provider ends the session of the person before through a form that the browser sends by itself.
    await browser.submit({})
    expect(await claimsAt(browser)).toMatchObject({ sub: String(other.oid), acr: 'aal1' })
    await browser.open(url)
    if (browser.page.html.includes('/factor/code')) await enterCode(world, browser, citizen, 0)
    expect(browser.page.status).toBe(400)
    expect((await silently(cookiesOf(browser), { acr_values: 'aal2' })).get('error')).toBe('login_required')
  })

  test('as somebody else: what the session had proven does not count for them', async () => {
    const other = await world.citizen()
    await browser.open(aal2())
    await enterCode(world, browser, citizen, 0)
    // Asks who it is, as the password is older than allowed.
    await browser.open(party.authorizationUrl({ acr_values: 'aal2', prompt: 'login' }))
    await browser.submit({ identifier: other.phone, password: other.password }, '/identify')
    expect(world.view).toBe('login/code')
    await forge(browser, `${signInOf(browser)}/consent`, { decision: 'allow' })
    expect(world.view).toBe('login/code')
  })

  test('from its page there is no way to begin as somebody else', async () => {
    await browser.open(aal2())
    expect(browser.page.html).not.toContain('/restart')
    await forge(browser, `${signInOf(browser)}/restart`)
    expect(world.view).toBe('login/code')
  })

  test('not one that was ended meanwhile', async () => {
    await browser.open(aal2())
    const code = await world.code(citizen.phone, 0)
    const [session] = await world.house.sessions.list(citizen.oid)
    await world.house.sessions.end(citizen.oid, session!.ref, { offline: 'kept', reason: 'test' })
    await browser.submit({ code }, '/factor/code')
    expect(browser.page.url).not.toContain('code=')
    expect((await silently(cookiesOf(browser))).get('error')).toBe('login_required')
  })
})

describe('tabs and the way back', () => {
  test('two tabs ask for the same: one code serves the first, the second goes on without another', async () => {
    await browser.open(aal2())
    const form = browser.form('/factor/code')
    await browser.open(aal2())
    const second = browser.page.url
    const fields = new URLSearchParams({ ...form.hidden, code: await world.code(citizen.phone, 0) })
    await browser.post(form.action, fields.toString())
    expect(browser.callback.get('code')).not.toBeNull()
    await browser.open(second)
    expect(browser.callback.get('code')).not.toBeNull()
    expect(browser.callback.get('error')).toBeNull()
  })

  test('the page of the code, from the history, is over and takes no second answer', async () => {
    await browser.open(aal2())
    const { url } = browser.page
    const form = browser.form('/factor/code')
    const code = await world.code(citizen.phone, 0)
    await browser.submit({ code }, '/factor/code')
    expect(await claimsAt(browser)).toMatchObject({ acr: 'aal2' })
    expect((await browser.open(url)).status).toBe(400)
    await browser.post(form.action, new URLSearchParams({ ...form.hidden, code }).toString())
    expect(browser.page.status).toBe(400)
  })

  test('an answer that is too weak does not go round and round', async () => {
    await browser.open(party.authorizationUrl({ acr_values: 'aal3' }))
    expect(world.view).toBe('login/unmet')
    for (const step of ['factor/code', 'consent', 'identify']) {
      await forge(browser, `${signInOf(browser)}/${step}`, { code: '000000', decision: 'allow' })
      expect(world.view).toBe('login/unmet')
    }
    await browser.submit({}, '/unmet')
    expect(browser.callback.get('error')).toBe('unmet_authentication_requirements')
  })
})

describe('the page that asks for a factor', () => {
  test('says why, and names the service', async () => {
    await browser.open(aal2())
    expect(browser.page.html).toContain('Сайт «Соцвыплаты онлайн» просит подтвердить вход ещё одним способом')
  })

  test.each(['password', 'nothing', '__proto__', 'totp'])('shows no factor that does not lead on: %s', async (kind) => {
    await browser.open(aal2())
    await browser.open(`${signInOf(browser)}?with=${kind}`)
    expect(world.view).toBe('login/code')
    await forge(browser, `${signInOf(browser)}/factor/${kind}`, { password: citizen.password, code: '1' })
    expect(world.view).toBe('login/code')
  })
})
