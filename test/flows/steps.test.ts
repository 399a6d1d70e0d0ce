import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter, enterCode, signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
})

const csrfOf = (browser: Browser) => new URLSearchParams({ csrf: browser.form().hidden.csrf ?? '' }).toString()
const base = (browser: Browser) => new URL(browser.page.url).pathname.split('/').slice(0, 3).join('/')

describe('a step cannot be skipped', () => {
  test.each(['/consent', '/factor/code', '/factor/password', '/factor/code/resend', '/unmet', '/factor/__proto__'])(
    'an empty POST to %s comes back to the password',
    async (step) => {
      const browser = world.browser()
      await browser.open(party.authorizationUrl({ acr_values: 'aal2' }))
      const page = await browser.post(base(browser) + step, csrfOf(browser))
      expect(page.status).toBe(200)
      expect(world.view).toBe('login/password')
      expect(world.sentTo(citizen.phone)).toBe(0)
    },
  )

  test('consent does not stand in for the code', async () => {
    const browser = world.browser()
    await enter(browser, party, citizen, { acr_values: 'aal2' })
    await browser.post(`${base(browser)}/consent`, `${csrfOf(browser)}&decision=allow`)
    expect(world.view).toBe('login/code')
  })

  test('opening the end of a registration that was never begun comes back to the password', async () => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl())
    await browser.open(`${base(browser)}/registered`)
    expect(world.view).toBe('login/password')
  })

  test('the address where the request goes on answers nothing before the sign-in is done', async () => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl())
    const uid = base(browser).split('/')[2]
    await browser.open(`/oauth2/authorize/${uid}`)
    expect(browser.page.url.startsWith(world.origin)).toBe(true)
    expect(world.view).toBe('login/password')
  })

  test('a password sent again when it is the turn of the code changes nothing', async () => {
    const browser = world.browser()
    await enter(browser, party, citizen, { acr_values: 'aal2' })
    const other = await world.citizen()
    const again = new URLSearchParams({ identifier: other.phone, password: other.password })
    await browser.post(`${base(browser)}/identify`, `${csrfOf(browser)}&${again}`)
    expect(world.view).toBe('login/code')
    await enterCode(world, browser, citizen, 0)
    expect(world.view).toBe('login/consent')
  })

  test('the consent form without a decision, or with another, asks again', async () => {
    const browser = world.browser()
    await enter(browser, party, citizen)
    for (const fields of [{}, { decision: 'yes' }]) {
      const page = await browser.submit(fields as Record<string, string>, '/consent')
      expect(page.status).toBe(422)
      expect(world.view).toBe('login/consent')
    }
  })
})

describe('a sign-in belongs to the browser that began it', () => {
  test('its address without the cookie is refused, so that no one can be made to finish it', async () => {
    const attacker = world.browser()
    await attacker.open(party.authorizationUrl())
    const victim = world.browser()
    const page = await victim.open(attacker.page.url)
    expect(page.status).toBe(400)
    expect(page.html).not.toContain('name="password"')
  })

  test('its address with the cookie of another sign-in is refused', async () => {
    const [attacker, victim] = [world.browser(), world.browser()]
    await attacker.open(party.authorizationUrl())
    await victim.open(party.authorizationUrl())
    const form = victim.form('/identify')
    const fields = new URLSearchParams({ ...form.hidden, identifier: citizen.phone, password: citizen.password })
    const page = await victim.post(`${base(attacker)}/identify`, fields.toString())
    expect(page.status).toBe(400)
    await attacker.open(attacker.page.url)
    expect(world.view).toBe('login/password')
  })

  test('the resume address without its cookie is refused', async () => {
    const attacker = world.browser()
    await enter(attacker, party, citizen)
    const uid = base(attacker).split('/')[2]
    const page = await world.browser().open(`/oauth2/authorize/${uid}`)
    expect(page.status).toBe(400)
  })

  test('a sign-in that nobody began', async () => {
    for (const uid of ['nothing', 'x'.repeat(5000), '%F0%9F%98%80'])
      expect((await world.browser().open(`/login/${uid}`)).status).toBe(400)
  })

  test('signing in changes the id of the session, so that one planted before is worth nothing', async () => {
    const browser = world.browser()
    const { browser: signed } = await signedIn(world, { browser, party, citizen })
    const before = signed.cookies().find((cookie) => cookie.startsWith('session='))
    await signed.open(party.authorizationUrl({ prompt: 'login' }))
    await signed.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    const after = signed.cookies().find((cookie) => cookie.startsWith('session='))
    expect(before).toBeDefined()
    expect(after).not.toBe(before)
  })
})

describe('CSRF', () => {
  const forged: [string, (browser: Browser) => Promise<{ body: string; headers?: Record<string, string> }>][] = [
    ['no token', async () => ({ body: '' })],
    ['an empty token', async () => ({ body: 'csrf=' })],
    [
      'the token of another browser',
      async () => {
        const attacker = world.browser()
        await attacker.open(party.authorizationUrl())
        return { body: csrfOf(attacker) }
      },
    ],
    ['a foreign origin', async (browser) => ({ body: csrfOf(browser), headers: { Origin: 'https://evil.example' } })],
    ['no origin to speak of', async (browser) => ({ body: csrfOf(browser), headers: { Origin: 'null' } })],
    [
      'a page of another site',
      async (browser) => ({ body: csrfOf(browser), headers: { 'Sec-Fetch-Site': 'cross-site' } }),
    ],
    ['a neighbouring host', async (browser) => ({ body: csrfOf(browser), headers: { 'Sec-Fetch-Site': 'same-site' } })],
  ]
  describe.each(forged)('with %s', (_what, forge) => {
    test('the password is not taken', async () => {
      const browser = world.browser()
      await browser.open(party.authorizationUrl())
      const { body, headers } = await forge(browser)
      const fields = new URLSearchParams({ identifier: citizen.phone, password: citizen.password })
      const page = await browser.post(`${base(browser)}/identify`, `${body}&${fields}`, headers)
      expect(page.status).toBe(403)
      expect(await world.journal(citizen.oid)).toEqual([])
    })
    test('nobody consents', async () => {
      const browser = world.browser()
      await enter(browser, party, citizen)
      const { body, headers } = await forge(browser)
      const page = await browser.post(`${base(browser)}/consent`, `${body}&decision=allow`, headers)
      expect(page.status).toBe(403)
      const events = await world.journal(citizen.oid)
      expect(events.map((event) => event.type)).not.toContain('consent.granted')
    })
  })
})

describe('tabs and time', () => {
  test('a second tab: the first goes back to its service, the second goes on', async () => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl())
    const [first, firstForm] = [browser.page.url, browser.form('/identify')]
    await browser.open(party.authorizationUrl())
    const second = browser.page.url
    expect(second).not.toBe(first)
    const fields = new URLSearchParams({ ...firstForm.hidden, identifier: citizen.phone, password: citizen.password })
    await browser.post(firstForm.action, fields.toString())
    expect(world.view).toBe('login/consent')
    await browser.open(second)
    expect(world.view).toBe('login/password')
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    await browser.submit({ decision: 'allow' }, '/consent')
    expect(browser.callback.get('code')).toBeTypeOf('string')
  })

  test('a finished sign-in, opened again from the history, says that it is over', async () => {
    const browser = world.browser()
    await enter(browser, party, citizen)
    const { url } = browser.page
    await browser.submit({ decision: 'allow' }, '/consent')
    const page = await browser.open(url)
    expect(page.status).toBe(400)
    expect(world.view).toMatch(/error$/)
  })

  test('the language is switched on a page that refused a form, and the step goes on', async () => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl())
    await browser.submit({ identifier: citizen.phone, password: '' }, '/identify')
    const href = /href="(\/language\/en[^"]*)"/.exec(browser.page.html)?.[1] ?? ''
    const page = await browser.open(href)
    expect(page.title).toContain('Sign in')
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    expect(world.view).toBe('login/consent')
  })

  test('reloading the page of the code sends no second code', async () => {
    const browser = world.browser()
    await enter(browser, party, citizen, { acr_values: 'aal2' })
    await world.code(citizen.phone)
    await browser.open(browser.page.url)
    await browser.open(browser.page.url)
    expect(world.sentTo(citizen.phone)).toBe(1)
  })

  test('another account instead: the step starts again, and only that account counts', async () => {
    const other = await world.citizen()
    const browser = world.browser()
    await enter(browser, party, citizen, { acr_values: 'aal2' })
    await browser.submit({}, '/restart')
    expect(world.view).toBe('login/password')
    await browser.submit({ identifier: other.phone, password: other.password }, '/identify')
    expect(world.view).toBe('login/code')
    await enterCode(world, browser, other, 0)
    await browser.submit({ decision: 'allow' }, '/consent')
    const { body } = await party.redeem(browser.callback.get('code')!)
    expect(await party.claims(body.id_token)).toMatchObject({ sub: String(other.oid), acr: 'aal2' })
  })

  test('a code that went to one account proves nothing about another, within the same sign-in', async () => {
    const victim = await world.citizen()
    const browser = world.browser()
    await enter(browser, party, citizen, { acr_values: 'aal2' })
    const code = await world.code(citizen.phone)
    await browser.submit({}, '/restart')
    await browser.submit({ identifier: victim.phone, password: victim.password }, '/identify')
    await world.code(victim.phone)
    await browser.submit({ code }, '/factor/code')
    expect(world.view).toBe('login/code')
  })

  test('refusing consent goes back to the service with access_denied', async () => {
    const browser = world.browser()
    await enter(browser, party, citizen)
    await browser.submit({ decision: 'deny' }, '/consent')
    expect(browser.callback.get('error')).toBe('access_denied')
    expect(browser.callback.get('code')).toBeNull()
    expect((await world.journal(citizen.oid))[0]).toMatchObject({ type: 'consent.refused' })
    await browser.open(party.authorizationUrl())
    expect(world.view).toBe('login/password')
  })

  test('after half an hour the sign-in has expired', async () => {
    const browser = world.browser()
    await enter(browser, party, citizen)
    const form = browser.form('/consent')
    world.travel(30 * 60 + 5)
    const body = new URLSearchParams({ ...form.hidden, decision: 'allow' }).toString()
    const page = await browser.post(form.action, body)
    expect(page.status).toBe(400)
    expect(world.view).toMatch(/error$/)
  })
})
