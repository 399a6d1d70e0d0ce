import { afterAll, beforeAll, expect, test } from 'vitest'
import { saying } from '../saying.ts'
import { startWorld, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({
    env: {
      MODE: 'production',
      ISSUER: 'https://id.example.ru',
      SMS_GATEWAY_URL: 'https://sms.example.ru/messages',
      SMS_GATEWAY_TOKEN: 'no-such-gateway',
      SMTP_URL: 'smtps://user:secret@mail.example.ru',
      MAIL_FROM: 'Propusk <no-reply@example.ru>',
    },
  })
})
afterAll(() => world.stop())

test('an error page explains nothing to strangers, but names the incident', async () => {
  const party = await world.relyingParty()
  const browser = world.browser()
  for (const parameters of [{ client_id: 'nobody' }, { redirect_uri: 'https://evil.example/cb' }]) {
    const page = await browser.open(party.authorizationUrl(parameters))
    expect(page.status).toBe(400)
    expect(world.view).toBe('oidc/error')
    expect(page.html).not.toMatch(saying('oidc.explanation_title'))
    const shown = page.html.replace(/href="\/language[^"]*"/g, '')
    expect(shown).not.toMatch(/redirect_uri|client_id|nobody|evil/)
    expect(page.html).toContain(page.headers['x-request-id'])
  }
})

test('cookies are bound to this host over https, the connection is kept to https', async () => {
  const party = await world.relyingParty()
  const browser = world.browser()
  const page = await browser.open(party.authorizationUrl({ client_id: party.registration.client_id, prompt: 'login' }))
  expect(page.headers['strict-transport-security']).toMatch(/max-age=\d{8}/)
  expect(page.url).toMatch(/^https:\/\/id\.example\.ru\/login\//)
  for (const cookie of [page.headers['set-cookie'] ?? []].flat())
    expect(cookie).toMatch(/^(__Host-[^;]*;(?=.*path=\/;)|__Secure-).*; ?secure/i)
})

test('the demo party, the outbox and the sandbox are not there', () => {
  expect(world.house.sandboxChannels).toBeUndefined()
})
