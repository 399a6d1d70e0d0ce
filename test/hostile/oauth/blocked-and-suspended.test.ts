import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ActingParty } from '#test/relying-party.ts'
import { registerResourceServer, send } from '#test/resource-server.ts'
import { startWorld, type World } from '#test/world.ts'
import { ask, CIBA_GRANT, messageOf } from '../../oidc/ciba/acting-client.ts'
import { beginDevice } from '../../oidc/device/acting-device.ts'
import { type Holdings, holdingsOf, uses, versatileParty } from './holdings.ts'

/** What was given out while all was well, once the account is blocked or the client suspended. */

vi.setConfig({ testTimeout: 60_000 })

let world: World
let party: ActingParty
beforeAll(async () => {
  world = await startWorld()
  await registerResourceServer(world)
  party = await versatileParty(world)
})
afterAll(() => world.stop())

async function outcomes(held: Holdings, by = party): Promise<Record<string, boolean>> {
  const found: Record<string, boolean> = {}
  for (const [name, use] of Object.entries(uses(world, by, held))) found[name] = await use()
  return found
}
const all = (held: Holdings, outcome: boolean) =>
  Object.fromEntries(Object.keys(uses(world, party, held)).map((name) => [name, outcome]))

test('of an active account and client everything can be used', async () => {
  const held = await holdingsOf(world, party)
  expect(await outcomes(held)).toEqual(all(held, true))
})

describe.each(['blocked', 'closed', 'pending'] as const)('of an account that is %s', (state) => {
  test('nothing can be used, and nothing again', async () => {
    const held = await holdingsOf(world, party)
    const { oid } = held.citizen
    const put = (to: typeof state | 'active') =>
      world.house.store.db.updateTable('accounts').set({ state: to }).where('oid', '=', oid).execute()
    await put(state)
    expect(await outcomes(held)).toEqual(all(held, false))
    const { body } = await ask(world, party, { login_hint: held.citizen.phone })
    expect(body.auth_req_id).toBeTypeOf('string')
  })
})

test('a person who is blocked while looking at the question of a device, or of a client, decides nothing', async () => {
  const held = await holdingsOf(world, party)
  const { client_id, client_secret = '' } = party.registration
  const begun = await beginDevice(world, party, { client_id, client_secret, scope: 'openid profile' })
  await held.browser.open('/device')
  await held.browser.submit({ user_code: begun.user_code }, '/device')
  const before = world.sentTo(held.citizen.phone)
  const { body: request } = await ask(world, party, { login_hint: held.citizen.phone })
  const approving = world.browser()
  await approving.open((await messageOf(world, held.citizen, before)).link)
  const code = await world.code(held.citizen.phone, before)
  await world.block(held.citizen)
  await held.browser.submit({ confirm: 'yes' }, '/device')
  await approving.submit({ code, decision: 'approve' })
  const redeemed = { ...held, deviceCode: begun.device_code, authReqId: request.auth_req_id }
  expect(await outcomes(redeemed)).toEqual(all(held, false))
})

describe('of a client that another process has suspended', () => {
  let suspended: ActingParty
  let held: Holdings
  beforeAll(async () => {
    suspended = await versatileParty(world)
    held = await holdingsOf(world, suspended)
    const beside = await startWorld({ beside: world })
    await beside.house.registrar.suspend(suspended.registration.client_id, 'утечка ключей')
    await beside.stop()
    await vi.waitFor(async () => expect(await uses(world, suspended, held).userinfo!()).toBe(false), {
      timeout: 6_000,
      interval: 250,
    })
  }, 60_000)

  test('nothing can be used five seconds later', async () => {
    expect(await outcomes(held, suspended)).toEqual(all(held, false))
  })
  test.each([
    ['/oauth2/par', { response_type: 'code' }],
    ['/oauth2/token', { grant_type: 'client_credentials' }],
    ['/oauth2/token', { grant_type: CIBA_GRANT, auth_req_id: 'x' }],
    ['/oauth2/introspect', { token: 'x' }],
    ['/oauth2/revoke', { token: 'x' }],
    ['/oauth2/device', { scope: 'openid' }],
    ['/oauth2/ciba', { scope: 'openid', login_hint: '+79160000000' }],
  ])('it is not let in at %s', async (path, parameters) => {
    expect(await send(world, suspended, path, parameters)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
  })
  test('nobody is sent to it from a sign-out, nor by an id_token of its own', async () => {
    const queries: Record<string, string>[] = [
      { client_id: suspended.registration.client_id, post_logout_redirect_uri: 'https://rp.example/out' },
      { id_token_hint: held.tokens.id_token, post_logout_redirect_uri: 'https://rp.example/out' },
    ]
    for (const query of queries) {
      await held.browser.open(`/oauth2/logout?${new URLSearchParams(query)}`)
      expect([held.browser.page.status, held.browser.page.url.startsWith(world.origin)]).toEqual([400, true])
    }
  })
  test('its own token lets it in nowhere, and others see that it is nothing', async () => {
    expect((await party.userinfo(held.own)).status).toBe(401)
    expect((await send(world, party, '/oauth2/introspect', { token: held.own })).body).toEqual({ active: false })
  })
})

test('a sign-in under way for a client that is then suspended ends on a page', async () => {
  const leaving = await versatileParty(world)
  const citizen = await world.citizen()
  const browser = world.browser()
  await browser.open(leaving.authorizationUrl())
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  await world.house.registrar.suspend(leaving.registration.client_id, 'утечка ключей')
  await browser.submit({ decision: 'allow' }, '/consent')
  expect([browser.page.status, browser.page.url.startsWith(world.origin)]).toEqual([400, true])
})
