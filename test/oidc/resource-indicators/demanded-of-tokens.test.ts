import { beforeEach, describe, expect, test } from 'vitest'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { prove, unprove } from '../../proving.ts'
import type { ActingParty } from '../../relying-party.ts'
import { ownedResourceServer, tokenFor } from '../../resource-server.ts'
import { enterCode, signedIn } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'
import { beginDevice, deviceClient, poll } from '../device/acting-device.ts'

/** No token for a resource server is issued to whom its client would not take any more, by whatever grant (R-E3). */

const world = worldOfFile()
let citizen: Citizen
let servers = 0
beforeEach(async () => {
  citizen = await world.citizen()
})

async function owned(demands: Partial<RelyingParty> = {}, metadata: Partial<RelyingParty> = {}) {
  const resource = `https://owned${++servers}.example/api`
  const { owner, scope } = await ownedResourceServer(world, resource, demands)
  const party = await world.relyingParty({ resource_indicators: [resource], ...metadata })
  return { owner, party, resource, scope, asked: { scope: `openid ${scope}`, resource } }
}

const demand = ({ registration }: ActingParty, demands: Partial<RelyingParty>) =>
  world.house.clients.save({ ...registration, ...demands }, { replace: true })

/** A code for whatever the session has agreed to before. */
async function anotherCode(party: ActingParty, parameters: Record<string, string>) {
  const { browser, tokens } = await signedIn(world, { party, citizen, parameters })
  await browser.open(party.authorizationUrl(parameters))
  return { code: browser.callback.get('code')!, refresh: tokens.refresh_token! }
}

const weak = { status: 400, body: { error: 'invalid_target', error_description: /demands a sign-in of level aal2/ } }
const unproven = { ...weak, body: { ...weak.body, error_description: /demands a person of identity level standard/ } }
const like = ({ status, body: { error, error_description } }: typeof weak) => ({
  status,
  body: { error, error_description: expect.stringMatching(error_description) },
})

describe('a weaker sign-in than its client demands by now', () => {
  test('gets none by a code', async () => {
    const { owner, party, resource, asked } = await owned()
    const { code } = await anotherCode(party, asked)
    await demand(owner, { minimum_acr: 'aal2' })
    expect(await party.redeem(code, { resource })).toMatchObject(like(weak))
  })
  test('gets none by a refresh, which leaves the sign-in and its refresh token alone', async () => {
    const { owner, party, resource, asked } = await owned()
    const { refresh } = await anotherCode(party, asked)
    await demand(owner, { minimum_acr: 'aal2' })
    expect(await party.refresh(refresh, { resource })).toMatchObject(like(weak))
    const home = await party.refresh(refresh)
    expect(home.status).toBe(200)
    expect((await party.userinfo(home.body.access_token)).status).toBe(200)
  })
  test('gets none where the resource need not be named', async () => {
    const { owner, party, resource, scope } = await owned()
    const browser = world.browser()
    const alone = { scope, resource, nonce: undefined }
    await browser.open(party.authorizationUrl(alone))
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    await browser.submit({ decision: 'allow' }, '/consent')
    const { body } = await party.redeem(browser.callback.get('code')!)
    await browser.open(party.authorizationUrl(alone))
    const code = browser.callback.get('code')!
    await demand(owner, { minimum_acr: 'aal2' })
    expect(await party.redeem(code)).toMatchObject(like(weak))
    expect(await party.refresh(body.refresh_token!)).toMatchObject(like(weak))
  })
  test('gets none by the code of a device', async () => {
    const { owner, resource, asked } = await owned()
    const device = await deviceClient(world, { resource_indicators: [resource] })
    const begun = await approvedOn(device, asked)
    await demand(owner, { minimum_acr: 'aal2' })
    const refused = await tokenFor(world, device, { ...grantOf(begun), resource })
    expect(refused).toMatchObject(like(weak))
  })
  test('gets one for another resource server', async () => {
    const [first, second] = [await owned(), await owned()]
    const party = await world.relyingParty({ resource_indicators: [first.resource, second.resource] })
    const scope = `openid ${first.scope} ${second.scope}`
    const browser = world.browser()
    const url = party.authorizationUrl({ scope, resource: first.resource })
    await browser.open(`${url}&${new URLSearchParams({ resource: second.resource })}`)
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    await browser.submit({ decision: 'allow' }, '/consent')
    const { body } = await party.redeem(browser.callback.get('code')!)
    await demand(first.owner, { minimum_acr: 'aal2' })
    expect(await party.refresh(body.refresh_token!, { resource: first.resource })).toMatchObject(like(weak))
    expect((await party.refresh(body.refresh_token!, { resource: second.resource })).status).toBe(200)
  })
})

describe('a person who has lost the level', () => {
  test.each(['code', 'refresh'] as const)('gets none by a %s, and keeps what is for home', async (grant) => {
    await prove(world, citizen, 'standard')
    const { party, resource, asked } = await owned({ minimum_identity_level: 'standard' })
    const { code, refresh } = await anotherCode(party, asked)
    await unprove(world, citizen)
    const answer = grant === 'code' ? party.redeem(code, { resource }) : party.refresh(refresh, { resource })
    expect(await answer).toMatchObject(like(unproven))
    expect((await party.refresh(refresh)).status).toBe(200)
  })
  test('gets none by the code of a device', async () => {
    await prove(world, citizen, 'standard')
    const { resource, asked } = await owned({ minimum_identity_level: 'standard' })
    const device = await deviceClient(world, { resource_indicators: [resource] })
    const begun = await approvedOn(device, asked)
    await unprove(world, citizen)
    expect(await tokenFor(world, device, { ...grantOf(begun), resource })).toMatchObject(like(unproven))
  })
})

describe('where the client of the resource server is suspended', () => {
  test('nobody gets a token, and none is lost over it', async () => {
    const { owner, party, resource, asked } = await owned()
    const { refresh } = await anotherCode(party, asked)
    await world.house.registrar.suspend(owner.registration.client_id, 'a test')
    expect(await party.refresh(refresh, { resource })).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
    await world.house.registrar.resume(owner.registration.client_id)
    expect((await party.refresh(refresh, { resource })).status).toBe(200)
  })
})

describe('what meets the demand is served', () => {
  test('though the client asked for less and is told less', async () => {
    const { party, resource, asked } = await owned({ minimum_acr: 'aal2' }, { minimum_acr: 'aal2' })
    const { tokens } = await signedIn(world, { party, citizen, parameters: { ...asked, acr_values: 'aal1' } })
    const { status, body } = await party.refresh(tokens.refresh_token!, { resource })
    expect(status).toBe(200)
    expect((await party.refresh(body.refresh_token!, { resource })).status).toBe(200)
    expect((await party.userinfo(tokens.access_token)).status).toBe(200)
  })
  test('to a client for itself: there is no person to be proven', async () => {
    const { party, resource } = await owned(
      { minimum_acr: 'aal3', minimum_identity_level: 'verified' },
      { grant_types: ['authorization_code', 'client_credentials'] },
    )
    expect((await tokenFor(world, party, { grant_type: 'client_credentials', resource })).status).toBe(200)
  })
  test('by the code of a device', async () => {
    const { resource, asked } = await owned({ minimum_acr: 'aal2' })
    const device = await deviceClient(world, { resource_indicators: [resource] })
    const begun = await approvedOn(device, asked)
    expect((await poll(device, begun)).status).toBe(200)
  })
})

const grantOf = ({ device_code }: { readonly device_code: string }) => ({
  grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
  device_code,
})

/** A device's request that the person has signed in for and agreed to. */
async function approvedOn(device: ActingParty, asked: Readonly<Record<string, string>>) {
  const begun = await beginDevice(world, device, asked)
  const browser = world.browser()
  const before = world.sentTo(citizen.phone)
  await browser.open('/device')
  await browser.submit({ user_code: begun.user_code }, '/device')
  await browser.submit({ confirm: 'yes' }, '/device')
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  if (world.view === 'login/code') await enterCode(world, browser, citizen, before)
  await browser.submit({ decision: 'allow' }, '/consent')
  return begun
}
