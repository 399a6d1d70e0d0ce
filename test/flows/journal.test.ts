import { expect, test } from 'vitest'
import { enter, enterCode, signedIn } from '../signing-in.ts'
import { worldOfFile } from '../world.ts'

const world = worldOfFile()

const DEVICE = 'Mozilla/5.0 (X11; Linux x86_64) Test/1.0'

test('a sign-in is journalled with its service, level, ways, address and device', async () => {
  const party = await world.relyingParty()
  const citizen = await world.citizen()
  await signedIn(world, { party, citizen, parameters: { acr_values: 'aal2' } })
  const client = party.registration.client_id
  const place = { client, address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/), device: DEVICE }
  const events = (await world.journal(citizen.oid)).reverse()
  expect(events.map(({ type, fields }) => [type, fields])).toEqual([
    ['factor.passed', { account: citizen.oid, kind: 'password', authenticator: '', ...place }],
    ['factor.passed', { account: citizen.oid, kind: 'code', authenticator: 'sms', ...place }],
    [
      'login.succeeded',
      { account: citizen.oid, acr: 'aal2', amr: 'pwd otp sms mfa', origin: expect.any(String), ...place },
    ],
    [
      'consent.granted',
      { account: citizen.oid, client, scopes: 'openid profile email phone', claims: '', resources: '', details: '' },
    ],
  ])
})

test('what happens to a session without any page is journalled too', async () => {
  const party = await world.relyingParty()
  const citizen = await world.citizen()
  const { browser } = await signedIn(world, { party, citizen })
  await browser.open(party.authorizationUrl())
  await browser.open('/oauth2/logout')
  await browser.submit({ logout: 'yes' }, '/confirm')
  const [ended, used] = await world.journal(citizen.oid)
  const address = expect.stringMatching(/^(127\.0\.0\.1|::1)$/)
  const client = party.registration.client_id
  expect(ended).toMatchObject({ type: 'session.ended', fields: { account: citizen.oid, scope: 'everywhere', address } })
  expect(used).toMatchObject({
    type: 'session.used',
    fields: { account: citizen.oid, client, acr: 'aal1', address, device: DEVICE },
  })
})

test('a refusal is journalled with what was wrong', async () => {
  const party = await world.relyingParty()
  const citizen = await world.citizen()
  const browser = world.browser()
  await enter(browser, party, { ...citizen, password: 'неверный пароль' })
  await enter(browser, party, citizen, { acr_values: 'aal2' })
  const code = await world.code(citizen.phone)
  await browser.submit({ code: code === '000000' ? '000001' : '000000' }, '/factor/code')
  const refused = (await world.journal(citizen.oid)).filter((event) => event.type === 'factor.refused')
  expect(refused.map(({ fields }) => [fields.kind, fields.code])).toEqual([
    ['code', 'code.wrong'],
    ['password', 'sign_in.wrong'],
  ])
})

test('a device that lies in its name forges no line', async () => {
  const party = await world.relyingParty()
  const citizen = await world.citizen()
  const browser = world.browser({ userAgent: `${'x'.repeat(5000)}` })
  await enter(browser, party, citizen)
  const [event] = await world.journal(citizen.oid)
  expect(String(event?.fields.device).length).toBeLessThanOrEqual(256)
})

test('a journal that is changed says so: rows are never updated or deleted', async () => {
  const { db } = world.house.store
  await expect(db.deleteFrom('journal').execute()).rejects.toThrow('append-only')
  await expect(db.updateTable('journal').set({ type: 'x' }).execute()).rejects.toThrow('append-only')
})

test('neither log nor journal table holds what belongs to the person', async () => {
  const party = await world.relyingParty()
  const citizen = await world.citizen()
  const browser = world.browser()
  await enter(browser, party, { ...citizen, password: 'неверный пароль' })
  await enter(browser, party, citizen, { acr_values: 'aal2', login_hint: citizen.email })
  const code = await world.code(citizen.phone)
  await enterCode(world, browser, citizen, 0)
  await browser.submit({ decision: 'allow' }, '/consent')
  const authorizationCode = browser.callback.get('code')!
  const { body: tokens } = await party.redeem(authorizationCode)
  await party.userinfo(tokens.access_token)
  const secrets = {
    phone: citizen.phone.slice(2),
    email: citizen.email,
    password: citizen.password,
    wrongPassword: 'неверный пароль',
    name: 'Ветрова',
    birthDate: '1990-04-12',
    code,
    authorizationCode,
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token!,
    idToken: tokens.id_token,
    clientSecret: party.registration.client_secret!,
  }
  const rows = await world.house.store.db.selectFrom('journal').selectAll().execute()
  const journal = rows.map((row) => `${JSON.stringify(row)} ${Buffer.from(row.payload).toString('utf8')}`).join('\n')
  // Six digits also come up by chance, in times and durations: as a word of their own they would be the code.
  const asWord = (text: string) => new RegExp(`(?<![\\w.:-])${text.replace(/[.*+?^$()[\]{}|\\]/g, '\\$&')}(?![\\w.:-])`)
  const fields = JSON.stringify((await world.journal(citizen.oid)).map((event) => event.fields))
  for (const [name, secret] of Object.entries(secrets)) {
    expect(world.logLines.join('\n'), `${name} in the log`).not.toMatch(asWord(secret))
    expect(journal, `${name} in the journal's table`).not.toMatch(asWord(secret))
    expect(fields, `${name} in an event`).not.toMatch(asWord(secret))
  }
  expect(world.logLines.length).toBeGreaterThan(5)
})
