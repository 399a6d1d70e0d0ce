import { beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { saying } from '../saying.ts'
import { enter, signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

const world = worldOfFile({ env: { CONSENT_DAYS: '180' } })
let party: ActingParty
let citizen: Citizen
beforeEach(async () => {
  party = await world.relyingParty()
  citizen = await world.citizen()
})

const allow = (browser: Browser) => browser.submit({ decision: 'allow' }, '/consent')
const tokensAt = async (browser: Browser) => (await party.redeem(browser.callback.get('code')!)).body
const named = (claims: object) => ({ claims: JSON.stringify({ userinfo: claims }) })

describe('the consent page', () => {
  test('says who asks, for which data with their values, why, and for how long', async () => {
    const { html } = await enter(world.browser(), party, citizen)
    expect(world.view).toBe('login/consent')
    const phone = citizen.phone.replace(/^\+7(\d{3})(\d{3})(\d\d)(\d\d)$/, '+7\u00a0$1\u00a0$2-$3-$4')
    for (const part of [
      'Соцвыплаты онлайн',
      'Ветрова Ольга Игоревна',
      '1990',
      phone,
      citizen.email,
      'Чтобы заполнить заявление.',
    ])
      expect(html, part).toContain(part)
    expect(html).toMatch(saying('consent.term_text', { count: 180 }))
  })
  test('lists only what is asked for', async () => {
    const { html } = await enter(world.browser(), party, citizen, { scope: 'openid' })
    for (const part of ['Ветрова', citizen.email, '1990']) expect(html).not.toContain(part)
    const { html: claims } = await enter(world.browser(), party, citizen, {
      scope: 'openid',
      ...named({ birthdate: null }),
    })
    expect(claims).toContain('1990')
    expect(claims).not.toContain('Ветрова')
  })
  test('says that access goes on without the person where offline_access is asked for', async () => {
    const plain = await enter(world.browser(), party, citizen)
    const offline = await enter(world.browser(), party, citizen, {
      scope: 'openid profile email phone offline_access',
      prompt: 'consent',
    })
    expect(offline.html.length).toBeGreaterThan(plain.html.length + 50)
  })
  test('speaks English with the English name and purpose', async () => {
    const { html } = await enter(world.browser({ locale: 'en' }), party, citizen)
    expect(html).toContain('Social benefits online')
    expect(html).toContain('To fill in the application.')
  })
  test('writes a name that looks like markup as text', async () => {
    const odd = await world.relyingParty({
      client_name: '<img src=x onerror=alert(1)>',
      purpose: '</p><script>alert(1)</script>',
    })
    const { html } = await enter(world.browser(), odd, citizen)
    expect(html).not.toContain('<img src=x')
    expect(html).not.toContain('<script>alert')
  })
})

describe('what was agreed to', () => {
  test('is remembered, in another browser too', async () => {
    await signedIn(world, { party, citizen })
    const other = world.browser()
    await enter(other, party, citizen)
    expect(other.callback.get('code')).toBeTypeOf('string')
  })
  test('less is asked for: no question', async () => {
    const { browser } = await signedIn(world, { party, citizen })
    await browser.open(party.authorizationUrl({ scope: 'openid email' }))
    expect((await tokensAt(browser)).scope.split(' ').sort()).toEqual(['email', 'openid'])
  })
  test.each<[string, Record<string, string>]>([
    ['scopes', { scope: 'openid email phone' }],
    ['claims by name', { scope: 'openid email', ...named({ birthdate: null }) }],
  ])('more %s ask again, and a refusal leaves what was before', async (_what, more) => {
    const { browser } = await signedIn(world, { party, citizen, parameters: { scope: 'openid email' } })
    await browser.open(party.authorizationUrl(more))
    expect(world.view).toBe('login/consent')
    await browser.submit({ decision: 'deny' }, '/consent')
    expect(browser.callback.get('error')).toBe('access_denied')
    await browser.open(party.authorizationUrl({ scope: 'openid email' }))
    expect(browser.callback.get('code')).toBeTypeOf('string')
    await browser.open(party.authorizationUrl(more))
    await allow(browser)
    expect(await tokensAt(browser)).toHaveProperty('access_token')
    await browser.open(party.authorizationUrl(more))
    expect(browser.callback.get('code')).toBeTypeOf('string')
  })
  test.each(['birthdate email', 'birthdate\tfamily_name', 'birthdate\u0000'])(
    'under a made-up claim, %j, is nothing: the real ones are asked about',
    async (made) => {
      const { browser } = await signedIn(world, {
        party,
        citizen,
        parameters: { scope: 'openid', ...named({ [made]: null }) },
      })
      await browser.open(party.authorizationUrl({ scope: 'openid', ...named({ birthdate: null }) }))
      expect(browser.page.url).not.toContain('code=')
      expect(world.view).toBe('login/consent')
    },
  )
  test('less than what is asked for stores nothing, however often it is asked', async () => {
    const { browser } = await signedIn(world, { party, citizen, parameters: { scope: 'openid email' } })
    const { db } = world.house.store
    const grants = () => db.selectFrom('artifacts').select('id').where('model', '=', 'Grant').execute()
    const before = await grants()
    for (let n = 0; n < 3; n++) {
      await browser.open(party.authorizationUrl({ scope: 'openid email phone', prompt: 'none' }))
      expect(browser.callback.get('error')).toBe('consent_required')
    }
    expect(await grants()).toHaveLength(before.length)
  })
  test('with one relying party tells another nothing', async () => {
    const { browser } = await signedIn(world, { party, citizen })
    const other = await world.relyingParty()
    await browser.open(other.authorizationUrl())
    expect(world.view).toBe('login/consent')
  })
  test('is asked again by prompt=consent', async () => {
    const { browser } = await signedIn(world, { party, citizen })
    await browser.open(party.authorizationUrl({ prompt: 'consent' }))
    expect(world.view).toBe('login/consent')
    await allow(browser)
    expect(await tokensAt(browser)).toHaveProperty('access_token')
  })
  test('more in one session is in force in another one', async () => {
    const parameters = { scope: 'openid email' }
    const { browser: first } = await signedIn(world, { party, citizen, parameters })
    const { browser: second } = await signedIn(world, { party, citizen, parameters })
    await first.open(party.authorizationUrl({ scope: 'openid email phone' }))
    await allow(first)
    await second.open(party.authorizationUrl({ scope: 'openid email phone' }))
    expect((await tokensAt(second)).scope).toContain('phone')
  })
  test('runs out after 180 days: refresh ends, and the next sign-in asks', async () => {
    const { tokens } = await signedIn(world, {
      party,
      citizen,
      parameters: { scope: 'openid profile offline_access', prompt: 'consent' },
    })
    let refresh = tokens.refresh_token!
    for (let day = 0; day < 175; day += 25) {
      world.travel(25 * 86_400)
      const { status, body } = await party.refresh(refresh)
      expect(status, `day ${day + 25}`).toBe(200)
      refresh = body.refresh_token!
    }
    world.travel(6 * 86_400)
    expect((await party.refresh(refresh)).status).toBe(400)
    await enter(world.browser(), party, citizen)
    expect(world.view).toBe('login/consent')
  })
})

describe('userinfo', () => {
  test.each<[string, string[]]>([
    ['openid', ['sub']],
    ['openid email', ['email', 'email_verified', 'sub']],
    ['openid phone', ['phone_number', 'phone_number_verified', 'sub']],
    [
      'openid profile',
      ['birthdate', 'family_name', 'gender', 'given_name', 'middle_name', 'name', 'sub', 'updated_at'],
    ],
  ])('for %s gives %j', async (scope, names) => {
    const { tokens } = await signedIn(world, { party, citizen, parameters: { scope } })
    const { body } = await party.userinfo(tokens.access_token)
    expect(Object.keys(body).sort()).toEqual(names)
  })
  test('gives single claims asked for by name, and no more of their scope', async () => {
    const parameters = { scope: 'openid', ...named({ birthdate: null, email: { essential: true } }) }
    const { tokens } = await signedIn(world, { party, citizen, parameters })
    const { body } = await party.userinfo(tokens.access_token)
    expect(body).toEqual({ sub: String(citizen.oid), birthdate: '1990-04-12', email: citizen.email })
  })
  test('what is asked for in the id_token stands there', async () => {
    const claims = JSON.stringify({ id_token: { family_name: null } })
    const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid', claims } })
    expect(await party.claims(tokens.id_token)).toMatchObject({ family_name: 'Ветрова' })
  })
  test('does not invent what a person does not have', async () => {
    const without = await world.citizen({ email: null })
    const { tokens } = await signedIn(world, { party, citizen: without })
    const { body } = await party.userinfo(tokens.access_token)
    expect(body).not.toHaveProperty('email')
    expect(body).not.toHaveProperty('email_verified')
  })
})
