import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { ticketHash } from '#src/kernel/ids.ts'
import { inCabinet } from '#test/cabinet/cabinet.ts'
import { Listener } from '#test/oidc/backchannel-logout/listener.ts'
import type { ActingParty } from '#test/relying-party.ts'
import { registerResourceServer } from '#test/resource-server.ts'
import { agreedTo, enter, signedIn } from '#test/signing-in.ts'
import { type Citizen, startWorld, type World } from '#test/world.ts'
import { type SecondProcess, startBeside } from '../second-process.ts'
import { holdingsOf, uses, versatileParty } from './holdings.ts'

/** What a service still gets out of what it holds, once the person has taken the consent back. */

vi.setConfig({ testTimeout: 60_000 })

const realTimeout = globalThis.setTimeout

let listener: Listener
let world: World
let second: SecondProcess
beforeAll(async () => {
  listener = await Listener.start()
  const env = { OUTBOUND_ORIGINS: listener.origin }
  world = await startWorld({ env })
  second = await startBeside(world, env)
})
beforeEach(() => {
  listener.heard.length = 0
})
afterAll(async () => {
  await second?.stop()
  await world?.stop()
  await listener?.stop()
})

/** The person does it in the cabinet, in a browser that never was at the service. */
async function withdraw(citizen: Citizen, { registration }: ActingParty): Promise<void> {
  const page = `/services/${ticketHash(registration.client_id)}`
  const browser = await inCabinet(world, citizen, page)
  await browser.submit({}, page)
}

const offline = { scope: 'openid profile offline_access', prompt: 'consent' }

test('nothing comes of anything that it holds, redeemed or not', async () => {
  await registerResourceServer(world)
  const party = await versatileParty(world)
  const held = await holdingsOf(world, party)
  await withdraw(held.citizen, party)
  const results: [string, boolean][] = []
  for (const [name, use] of Object.entries(uses(world, party, held))) results.push([name, await use()])
  expect(results.filter(([, worked]) => worked)).toEqual([])
  expect((await party.userinfo(held.tokens.access_token, second.listens)).status).toBe(401)
})

describe('access that was given for when the person is away', () => {
  test('ends in a second process too, although the session that gave it ended long ago', async () => {
    const party = await world.relyingParty()
    const citizen = await world.citizen()
    const { tokens } = await signedIn(world, { party, citizen, parameters: offline })
    await world.house.sessions.endAll(citizen.oid, { offline: 'kept', reason: 'test' })
    const refreshed = await party.refresh(tokens.refresh_token!, {}, second.listens)
    expect(refreshed.status).toBe(200)
    await withdraw(citizen, party)
    expect((await party.refresh(refreshed.body.refresh_token!, {}, second.listens)).body).toMatchObject({
      error: 'invalid_grant',
    })
    expect((await party.userinfo(refreshed.body.access_token, second.listens)).status).toBe(401)
  })

  test('does not come back with a new consent', async () => {
    const party = await world.relyingParty()
    const citizen = await world.citizen()
    const { tokens } = await signedIn(world, { party, citizen, parameters: offline })
    await withdraw(citizen, party)
    const again = await signedIn(world, { party, citizen, parameters: offline })
    expect((await party.userinfo(again.tokens.access_token)).status).toBe(200)
    expect((await party.refresh(tokens.refresh_token!)).status).toBe(400)
    expect((await party.userinfo(tokens.access_token)).status).toBe(401)
  })

  test('does not survive by refreshes in that moment', async () => {
    const party = await world.relyingParty()
    const citizen = await world.citizen()
    const { tokens } = await signedIn(world, { party, citizen, parameters: offline })
    const page = `/services/${ticketHash(party.registration.client_id)}`
    const browser = await inCabinet(world, citizen, page)
    const [, refreshed] = await Promise.all([
      browser.submit({}, page),
      party.refresh(tokens.refresh_token!, {}, second.listens),
    ])
    if (refreshed.status !== 200) return
    expect((await party.userinfo(refreshed.body.access_token, second.listens)).status).toBe(401)
    expect((await party.refresh(refreshed.body.refresh_token!, {}, second.listens)).status).toBe(400)
  })
})

test('it is told that each session is over, and the next sign-in there has another name', async () => {
  const party = await world.relyingParty({ backchannel_logout_uri: `${listener.origin}/told` })
  const other = await world.relyingParty({ backchannel_logout_uri: `${listener.origin}/other` })
  const citizen = await world.citizen()
  const first = await signedIn(world, { party, citizen })
  await agreedTo(first.browser, other)
  const phone = await signedIn(world, { party, citizen })
  const sids = await Promise.all([first, phone].map(async ({ tokens }) => (await party.claims(tokens.id_token)).sid))
  await withdraw(citizen, party)
  await listener.next('/told', 2)
  const told = listener.at('/told').map(({ form }) => JSON.parse(payload(form.get('logout_token')!)).sid)
  expect(new Set(told)).toEqual(new Set(sids))
  expect(listener.at('/other')).toEqual([])
  await first.browser.open(party.authorizationUrl())
  expect(world.view).toBe('login/consent')
  await first.browser.submit({ decision: 'allow' }, '/consent')
  const { body } = await party.redeem(first.browser.callback.get('code')!)
  expect(sids).not.toContain((await party.claims(body.id_token)).sid)
})

test('the person is asked again, at the next sign-in anywhere', async () => {
  const party = await world.relyingParty()
  const citizen = await world.citizen()
  await signedIn(world, { party, citizen })
  await withdraw(citizen, party)
  await enter(world.browser(), party, citizen)
  expect(world.view).toBe('login/consent')
})

const payload = (jwt: string) => Buffer.from(jwt.split('.')[1]!, 'base64url').toString()

test('a grant that a sign-in under way makes of the consent just after it was taken back goes half a minute later', async () => {
  const party = await world.relyingParty()
  const citizen = await world.citizen()
  await signedIn(world, { party, citizen })
  const later: (() => void)[] = []
  const timer = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((work: () => void, ms?: number) => {
    if (ms === 30_000) later.push(work)
    return ms === 30_000 ? { unref: () => {} } : realTimeout(work, ms)
  }) as typeof setTimeout)
  await withdraw(citizen, party)
  timer.mockRestore()
  const { Grant } = world.house.providers.current
  const { client_id: clientId } = party.registration
  const grant = new Grant({ accountId: String(citizen.oid), clientId })
  const id = await (grant.save as (ttlSeconds: number) => Promise<string>).call(grant, 60)
  expect(later).toHaveLength(1)
  later[0]!()
  await vi.waitFor(async () => expect(await Grant.find(id)).toBeUndefined(), { timeout: 5_000, interval: 20 })
})
