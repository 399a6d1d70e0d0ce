import { createLocalJWKSet, decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose'
import { sql } from 'kysely'
import supertest from 'supertest'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { RelyingParty } from '#src/oidc/clients.ts'
import type { Browser } from '../../browser-http.ts'
import type { ActingParty, Tokens } from '../../relying-party.ts'
import { signedIn } from '../../signing-in.ts'
import { type Citizen, startWorld, type World } from '../../world.ts'
import { HANGS, Listener } from './listener.ts'

/** OpenID Connect Back-Channel Logout 1.0. */

vi.setConfig({ testTimeout: 40_000 })

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

let listener: Listener
let world: World
let citizen: Citizen
beforeAll(async () => {
  listener = await Listener.start()
  world = await startWorld({ env: { OUTBOUND_ORIGINS: listener.origin } })
})
beforeEach(async () => {
  citizen = await world.citizen()
  listener.heard.length = 0
  listener.answers.clear()
})
afterAll(async () => {
  await world?.stop()
  await listener?.stop()
})

let paths = 0
async function told(metadata: Partial<RelyingParty> = {}): Promise<{ party: ActingParty; path: string }> {
  const path = `/logout/${++paths}`
  return { party: await world.relyingParty({ backchannel_logout_uri: listener.origin + path, ...metadata }), path }
}

async function signOut(browser: Browser, tokens?: Tokens, everywhere = true): Promise<void> {
  await browser.open(`/oauth2/logout?${new URLSearchParams(tokens ? { id_token_hint: tokens.id_token } : {})}`)
  await browser.submit(everywhere ? { logout: 'yes' } : {})
}

async function verified(token: string, party: ActingParty): Promise<JWTPayload & { sid?: string; events?: object }> {
  const { body } = await supertest(world.listens).get('/oauth2/jwks')
  const { payload } = await jwtVerify(token, createLocalJWKSet(body), {
    issuer: world.origin,
    audience: party.registration.client_id,
    typ: 'logout+jwt',
  })
  return payload
}

describe('signing out tells the relying party', () => {
  test('by a logout token of section 2.4, in a form of its own', async () => {
    const { party, path } = await told()
    const { browser, tokens } = await signedIn(world, { party, citizen })
    const { sid, sub } = await party.claims(tokens.id_token)
    await signOut(browser)
    const { method, headers, form } = await listener.next(path)
    expect(method).toBe('POST')
    expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/)
    expect([...form.keys()]).toEqual(['logout_token'])
    const token = await verified(form.get('logout_token')!, party)
    expect(token).toMatchObject({ sub, sid, jti: expect.stringMatching(/.{20,}/), events: { [EVENT]: {} } })
    expect(token).not.toHaveProperty('nonce')
    expect(token.exp! - token.iat!).toBeLessThanOrEqual(120)
    expect(Object.keys(token).sort()).toEqual(['aud', 'events', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub'])
  })
  test.each(['ES256', 'RS256', 'PS256'])('signed by %s where it is registered so', async (alg) => {
    const { party, path } = await told({ id_token_signed_response_alg: alg })
    const { browser } = await signedIn(world, { party, citizen })
    await signOut(browser)
    const token = (await listener.next(path)).form.get('logout_token')!
    expect(decodeProtectedHeader(token).alg).toBe(alg)
    await verified(token, party)
  })
  test('about the subject that it knows, where that is pairwise', async () => {
    const { party, path } = await told({ subject_type: 'pairwise' })
    const { browser, tokens } = await signedIn(world, { party, citizen })
    const { sub } = await party.claims(tokens.id_token)
    expect(sub).not.toBe(String(citizen.oid))
    await signOut(browser)
    const token = await verified((await listener.next(path)).form.get('logout_token')!, party)
    expect(token.sub).toBe(sub)
  })
  test('each one that has used the session, with a session name and an id of its own', async () => {
    const [one, two] = [await told(), await told({ backchannel_logout_session_required: true })]
    const { browser } = await signedIn(world, { party: one.party, citizen })
    await browser.open(two.party.authorizationUrl())
    if (browser.page.html.includes('/consent')) await browser.submit({ decision: 'allow' }, '/consent')
    await signOut(browser)
    const tokens = await Promise.all(
      [one, two].map(async ({ path, party }) => verified((await listener.next(path)).form.get('logout_token')!, party)),
    )
    expect(tokens[0]!.sid).not.toBe(tokens[1]!.sid)
    expect(tokens[0]!.jti).not.toBe(tokens[1]!.jti)
  })
  test('only the one that the person leaves, when they leave one', async () => {
    const [one, two] = [await told(), await told()]
    const { browser, tokens } = await signedIn(world, { party: one.party, citizen })
    await browser.open(two.party.authorizationUrl())
    if (browser.page.html.includes('/consent')) await browser.submit({ decision: 'allow' }, '/consent')
    await signOut(browser, tokens, false)
    await listener.next(one.path)
    await vi.waitFor(async () => expect(await notices()).toBe(0), 10_000)
    expect(listener.at(two.path)).toEqual([])
  })
})

describe('the person does not wait for it', () => {
  test('a relying party that answers 500 is told again, by a new token', async () => {
    const { party, path } = await told()
    listener.answers.set(path, 500)
    const { browser } = await signedIn(world, { party, citizen })
    await signOut(browser)
    expect(world.view).toBe('oidc/signed-out')
    const first = (await listener.next(path)).form.get('logout_token')
    expect(await notices()).toBe(1)
    listener.answers.delete(path)
    const second = (await listener.next(path, 2)).form.get('logout_token')
    expect(second).not.toBe(first)
    await vi.waitFor(async () => expect(await notices()).toBe(0), { timeout: 5_000 })
  })
  test('a redirect is not followed, and counts as a failure', async () => {
    const { party, path } = await told()
    listener.answers.set(path, 302)
    const { browser } = await signedIn(world, { party, citizen })
    await signOut(browser)
    await listener.next(path)
    expect(await notices()).toBe(1)
    expect(listener.at('/elsewhere')).toEqual([])
    await forget()
  })
  test('one that hangs keeps nobody else waiting', async () => {
    const [slow, quick] = [await told(), await told()]
    listener.answers.set(slow.path, HANGS)
    for (let person = 0; person < 3; person++) {
      const { browser } = await signedIn(world, { party: slow.party, citizen: await world.citizen() })
      await browser.open(quick.party.authorizationUrl())
      if (browser.page.html.includes('/consent')) await browser.submit({ decision: 'allow' }, '/consent')
      await signOut(browser)
    }
    await listener.next(slow.path)
    await listener.next(quick.path, 3)
    expect(listener.at(slow.path).length).toBeLessThanOrEqual(3)
    await forget()
  })
  test('one that is never reached is given up and stands in the journal', async () => {
    const { party, path } = await told()
    listener.answers.set(path, 503)
    const { browser } = await signedIn(world, { party, citizen })
    await signOut(browser)
    await listener.next(path)
    await sql`update pgboss.job set retry_limit = 0 where name = 'logout'`.execute(world.house.store.db)
    await vi.waitFor(
      async () => {
        const events = await world.journal(citizen.oid)
        expect(events).toContainEqual(
          expect.objectContaining({
            type: 'logout.undelivered',
            fields: expect.objectContaining({ client: party.registration.client_id }),
          }),
        )
      },
      { timeout: 20_000, interval: 100 },
    )
    expect(await notices()).toBe(0)
  })
  test.each(['http://127.0.0.1:9/logout', 'http://169.254.169.254/latest', 'http://[::1]:9/logout'])(
    'an address inside our network is never called: %s',
    async (backchannel_logout_uri) => {
      const party = await world.relyingParty({ backchannel_logout_uri })
      const { browser } = await signedIn(world, { party, citizen })
      const before = world.logLines.length
      await signOut(browser)
      await vi.waitFor(() => expect(world.logLines.slice(before).join('\n')).toMatch(/is not a public address/), {
        timeout: 10_000,
      })
      await forget()
    },
  )
  test('what waits holds neither the session’s name nor a token in clear', async () => {
    const { party, path } = await told()
    listener.answers.set(path, 500)
    const { browser, tokens } = await signedIn(world, { party, citizen })
    const { sid } = await party.claims(tokens.id_token)
    await signOut(browser)
    await listener.next(path)
    const { rows } = await sql<{ line: string }>`
      select row_to_json(t)::text as line from logout_notices t
      union all select row_to_json(j)::text from pgboss.job j where name like 'logout%'`.execute(world.house.store.db)
    expect(rows.length).toBeGreaterThan(1)
    for (const { line } of rows) {
      expect(line).not.toContain(sid)
      expect(line).not.toContain('eyJ')
    }
    await forget()
  })
})

test('the embedded database does it as well', async () => {
  const embedded = await startWorld({ store: 'pglite', env: { OUTBOUND_ORIGINS: listener.origin } })
  const party = await embedded.relyingParty({ backchannel_logout_uri: `${listener.origin}/embedded` })
  const { browser } = await signedIn(embedded, { party, citizen: await embedded.citizen() })
  await signOut(browser)
  expect((await listener.next('/embedded')).form.has('logout_token')).toBe(true)
  await embedded.stop()
})

test('a sign-out by a forged page tells nobody', async () => {
  const { party, path } = await told()
  const { browser } = await signedIn(world, { party, citizen })
  await browser.open('/oauth2/logout')
  const { hidden } = browser.form()
  await browser.post('/oauth2/logout/confirm', new URLSearchParams({ ...hidden, logout: 'yes', xsrf: 'x' }).toString())
  expect(browser.page.status).toBe(400)
  expect(await notices()).toBe(0)
  expect(listener.at(path)).toEqual([])
})

const notices = async () =>
  Number(
    (await world.house.store.db
      .selectFrom('logout_notices')
      .select(({ fn }) => fn.countAll().as('n'))
      .executeTakeFirst())!.n,
  )

async function forget(): Promise<void> {
  await world.house.store.db.deleteFrom('logout_notices').execute()
}
