import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { answering } from '../../cabinet/identity/rig.ts'
import { registeredAs } from '../../proofing/rig.ts'
import { prove, unprove } from '../../proving.ts'
import type { ActingParty } from '../../relying-party.ts'
import { saying } from '../../saying.ts'
import { enter, signedIn } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

/** A relying party demands an identity level: refused, led to where it is reached, and on (R-E3). */

const world = worldOfFile({ env: { SIGNAL_MANY_ACCOUNTS: 'off' } })
let strict: ActingParty
let citizen: Citizen
beforeAll(async () => {
  strict = await world.relyingParty({
    minimum_identity_level: 'standard',
    redirect_uris: ['https://service.example/cb'],
    initiate_login_uri: 'https://service.example/begin?from=id',
  })
})
beforeEach(async () => {
  citizen = await world.citizen()
})

const essential = (value: string) => JSON.stringify({ userinfo: { identity_level: { essential: true, value } } })

/** Signed in, and shown the step. */
async function atStep(parameters: Record<string, string> = {}, party = strict) {
  const browser = world.browser()
  await enter(browser, party, citizen, parameters)
  expect(world.view).toBe('login/identity')
  return browser
}

describe('without the level nobody gets in', () => {
  test('the page says what is needed and what is missing', async () => {
    const { page } = await atStep()
    expect(page.html).toMatch(saying('login.identity_lack.snils'))
    expect(page.html).toMatch(saying('login.identity_lack.document'))
    expect(page.html).not.toMatch(saying('login.identity_lack.proof'))
  })
  test.each(['/consent', '/identity', '/unmet'])(
    'not by a form that is not the one asked for, sent to %s',
    async (step) => {
      const browser = await atStep()
      const { csrf = '' } = browser.form('/identity').hidden
      const base = new URL(browser.page.url).pathname
      await browser.post(base + step, new URLSearchParams({ csrf, decision: 'allow', way: 'somewhere' }).toString())
      expect(world.view).toBe('login/identity')
    },
  )
  test('whoever is not signed in at all hears login_required first', async () => {
    const browser = world.browser()
    await browser.open(strict.authorizationUrl({ prompt: 'none' }))
    expect(browser.callback.get('error')).toBe('login_required')
  })
  test('an essential claim demands it as well, a voluntary one does not', async () => {
    const party = await world.relyingParty()
    await atStep({ claims: essential('standard') }, party)
    const browser = world.browser()
    const claims = JSON.stringify({ id_token: { identity_level: { value: 'verified' } } })
    await enter(browser, party, citizen, { claims })
    expect(world.view).toBe('login/consent')
  })
  test('an essential claim of a level that there is not is refused at once', async () => {
    const browser = world.browser()
    await browser.open(strict.authorizationUrl({ claims: essential('gold') }))
    expect(browser.callback.get('error')).toBe('invalid_request')
    expect(browser.callback.get('error_description')).toContain('claims.userinfo.identity_level')
  })
})

describe('whoever goes back without it', () => {
  test('is not signed in there: access_denied, with the level by name', async () => {
    const browser = await atStep()
    await browser.submit({ way: 'end' }, '/identity')
    expect(Object.fromEntries(browser.callback)).toMatchObject({
      error: 'access_denied',
      error_description: 'identity level standard is required, which the account does not have',
    })
    expect(await world.journal(citizen.oid)).toContainEqual(
      expect.objectContaining({
        type: 'identity.level_awaited',
        fields: { account: citizen.oid, client: strict.registration.client_id, level: 'standard' },
      }),
    )
  })
  test('hears of it in the one message of the level, with a link that names us', async () => {
    const browser = await atStep()
    await browser.submit({ way: 'end' }, '/identity')
    await settled()
    expect(told()).toEqual([])
    await prove(world, citizen, 'standard')
    await settled()
    await expect.poll(() => told().length).toBe(2)
    for (const { text } of told()) {
      expect(text).toContain('Соцвыплаты онлайн')
      expect(text).toMatch(saying('accounts.level.standard'))
      expect(text).toContain(`https://service.example/begin?from=id&iss=${encodeURIComponent(world.origin)}`)
    }
    await settled()
    expect(told()).toHaveLength(2)
  })
  test('is led nowhere else by a registration from before such addresses were looked at', async () => {
    const party = await world.relyingParty({ minimum_identity_level: 'standard', initiate_login_uri: 'https://evil/' })
    await (await atStep({}, party)).submit({ way: 'end' }, '/identity')
    await prove(world, citizen, 'standard')
    await settled()
    await expect.poll(() => told().length).toBe(2)
    for (const { text } of told()) expect(text).toMatch(/^(?!.*(evil|iss=)).*Соцвыплаты онлайн/s)
  })
  test('hears nothing of a level that is not enough, or of one that was lost again', async () => {
    const party = await world.relyingParty({ minimum_identity_level: 'verified' })
    await (await atStep({}, party)).submit({ way: 'end' }, '/identity')
    await prove(world, citizen, 'standard')
    await settled()
    await expect.poll(() => told().length).toBe(2)
    for (const { text } of told()) expect(text).not.toContain('Соцвыплаты онлайн')
    await (await atStep({}, party)).submit({ way: 'end' }, '/identity')
    await prove(world, citizen, 'verified')
    await unprove(world, citizen)
    await settled()
    expect(
      told()
        .map(({ text }) => text)
        .join(),
    ).not.toContain('Соцвыплаты онлайн')
    expect(await awaited()).toHaveLength(1)
  })
})

describe('whoever sets out to reach it', () => {
  test('and closes the browser on the way hears of it too', async () => {
    const browser = await atStep()
    await browser.submit({ way: 'prove' }, '/identity')
    await prove(world, citizen, 'standard')
    await settled()
    await expect.poll(() => told().length).toBe(2)
    for (const { text } of told()) expect(text).toContain('https://service.example/begin')
  })
  test('and goes on at the service before that hears of the level alone', async () => {
    const browser = await atStep()
    const waiting = browser.page.url
    await browser.submit({ way: 'prove' }, '/identity')
    await prove(world, citizen, 'standard')
    await browser.open(waiting)
    await browser.submit({ decision: 'allow' }, '/consent')
    expect(await awaited()).toEqual([])
    await settled()
    await expect.poll(() => told().length).toBe(2)
    for (const { text } of told()) expect(text).not.toContain('service.example')
  })
  test('and comes back without it goes on waiting', async () => {
    const browser = await atStep()
    const waiting = browser.page.url
    await browser.submit({ way: 'prove' }, '/identity')
    await browser.open(waiting)
    await atStep()
    expect(await awaited()).toHaveLength(1)
  })
})

const settled = async () => {
  world.travel(20)
  await Promise.all([world.house.levelNotices.tellDue(), world.house.levelNotices.tellDue()])
}
const awaited = () =>
  world.house.store.db.selectFrom('awaited_levels').selectAll().where('oid', '=', citizen.oid).execute()

/** Messages to this person about levels. */
const told = () =>
  world.sent.filter(
    ({ recipient, text }) =>
      (recipient === citizen.phone || recipient === citizen.email) && /четная запись|чётная запись/i.test(text),
  )

describe('the way there and back', () => {
  test('leads to the own pages, which know the way back, and on as soon as the level is there', async () => {
    const browser = await atStep()
    const waiting = browser.page.url
    await browser.submit({ way: 'prove' }, '/identity')
    expect(new URL(browser.page.url).pathname).toBe('/account/identity')
    expect(browser.page.html).toContain(`href="${new URL(waiting).pathname}"`)
    await browser.open(waiting)
    expect(world.view).toBe('login/identity')
    await prove(world, citizen, 'standard')
    await browser.open(waiting)
    expect(world.view).toBe('login/consent')
    await browser.submit({ decision: 'allow' }, '/consent')
    expect((await strict.redeem(browser.callback.get('code')!)).status).toBe(200)
    await browser.open('/account/identity')
    expect(browser.page.html).not.toContain(`href="${new URL(waiting).pathname}"`)
  })
  test('says that registries are at it, to whoever comes back before they have answered', async () => {
    citizen = await world.citizen({ person: registeredAs('document-down') })
    const browser = await atStep()
    const waiting = browser.page.url
    expect(browser.page.html).toMatch(saying('login.identity_now'))
    await browser.submit({ way: 'prove' }, '/identity')
    await answering(world, browser, citizen, 'document-down')
    await browser.submit({}, '/check')
    await browser.open(waiting)
    expect(browser.page.html).toMatch(saying('login.identity_checking'))
    expect(browser.page.html).not.toMatch(saying('login.identity_now'))
  })
  test('who agreed before is let in without a further page', async () => {
    await prove(world, citizen, 'standard')
    await signedIn(world, { party: strict, citizen })
    await unprove(world, citizen)
    const browser = await atStep()
    await prove(world, citizen, 'standard')
    await browser.open(browser.page.url)
    expect(browser.callback.get('code')).not.toBeNull()
  })
  test('a higher level than demanded will do', async () => {
    await prove(world, citizen, 'verified')
    await signedIn(world, { party: strict, citizen })
  })
  test.each<Record<string, string>>([{ prompt: 'login' }, { max_age: '0' }])(
    'a forced sign-in ends too: %j',
    async (parameters) => {
      const browser = await atStep(parameters)
      await prove(world, citizen, 'standard')
      const before = world.sentTo(citizen.phone)
      await browser.open(browser.page.url)
      expect(world.view).toBe('login/consent')
      await browser.submit({ decision: 'allow' }, '/consent')
      await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
      if (browser.page.html.includes('/factor/code'))
        await browser.submit({ code: await world.code(citizen.phone, before) }, '/factor/code')
      expect(browser.callback.get('code')).not.toBeNull()
    },
  )
  test('a level lost while the person agrees ends the request instead of asking on and on', async () => {
    await prove(world, citizen, 'standard')
    const browser = world.browser()
    await enter(browser, strict, citizen)
    await browser.submit({ decision: 'allow' }, '/consent')
    await browser.open(strict.authorizationUrl({ prompt: 'consent' }))
    await unprove(world, citizen)
    await browser.open(browser.page.url)
    expect(world.view).toBe('login/identity')
  })
  test.each(['https://evil.example', '//evil.example', 'way_back=abc.1999999999.QQ'])(
    'nobody is led elsewhere by %s',
    async (value) => {
      const browser = await atStep()
      await browser.open(`/account/identity?return=${encodeURIComponent(value)}`)
      expect(browser.page.html).not.toMatch(/(href|action)="(https:)?\/\/evil/)
      expect(browser.page.html).not.toMatch(saying('oidc.way_back_link'))
    },
  )
})

describe('a level lost meanwhile', () => {
  test('a code is not redeemed, a refresh token not taken', async () => {
    await prove(world, citizen, 'standard')
    const { browser, tokens } = await signedIn(world, { party: strict, citizen })
    await browser.open(strict.authorizationUrl())
    const code = browser.callback.get('code')!
    await unprove(world, citizen)
    expect((await strict.redeem(code)).body).toMatchObject({ error: 'invalid_grant' })
    expect((await strict.refresh(tokens.refresh_token!)).body).toMatchObject({ error: 'invalid_grant' })
  })
  test('of an essential claim it counts for its own tokens', async () => {
    const party = await world.relyingParty()
    await prove(world, citizen, 'standard')
    const demanding = await signedIn(world, { party, citizen, parameters: { claims: essential('standard') } })
    const modest = await signedIn(world, { party, citizen })
    await unprove(world, citizen)
    expect((await party.refresh(demanding.tokens.refresh_token!)).body).toMatchObject({ error: 'invalid_grant' })
    expect((await party.refresh(modest.tokens.refresh_token!)).status).toBe(200)
  })
  test('userinfo tells the level as it is now, and no SNILS any more', async () => {
    const party = await world.relyingParty()
    const snils = await prove(world, citizen, 'standard')
    const { tokens } = await signedIn(world, {
      party,
      citizen,
      parameters: { scope: 'openid snils id_doc identity_level' },
    })
    expect((await party.userinfo(tokens.access_token)).body).toMatchObject({
      snils,
      identity_level: 'standard',
      id_doc: { kind: 'passport_rf', series: '4510', number: '123456' },
    })
    await unprove(world, citizen)
    expect((await party.userinfo(tokens.access_token)).body).toEqual({
      sub: String(citizen.oid),
      identity_level: 'simplified',
    })
  })
})
