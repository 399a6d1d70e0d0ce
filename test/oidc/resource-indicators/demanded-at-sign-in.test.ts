import { beforeEach, describe, expect, test } from 'vitest'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { prove, unprove } from '../../proving.ts'
import { ownedResourceServer, readJwt, tokenFor } from '../../resource-server.ts'
import { saying } from '../../saying.ts'
import { enter, enterCode, signedIn } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'
import { beginDevice, deviceClient } from '../device/acting-device.ts'

/** Who asks for a token of a resource server has to meet what its client demands, as in a sign-in there (R-E3). */

const world = worldOfFile()
let citizen: Citizen
let servers = 0
beforeEach(async () => {
  citizen = await world.citizen()
})

/** A resource server whose client demands that, and a client that may name it. */
async function demanding(demands: Partial<RelyingParty>, metadata: Partial<RelyingParty> = {}) {
  const resource = `https://demanding${++servers}.example/api`
  const { owner, scope } = await ownedResourceServer(world, resource, demands)
  const party = await world.relyingParty({ resource_indicators: [resource], ...metadata })
  return { owner, party, resource, asked: { scope: `openid ${scope}`, resource } }
}

const byResource = saying('login.demanded_by', { resource: 'Реестр выплат' })

describe('the level of the sign-in', () => {
  test('is not enough without a page', async () => {
    const { party, asked } = await demanding({ minimum_acr: 'aal2' })
    const { browser } = await signedIn(world, { party, citizen })
    await browser.open(party.authorizationUrl({ ...asked, prompt: 'none' }))
    expect(browser.callback.get('error')).toBe('login_required')
  })
  test('is asked for, on a page that says whose demand it is', async () => {
    const { party, asked, resource } = await demanding({ minimum_acr: 'aal2' })
    const { browser } = await signedIn(world, { party, citizen })
    const before = world.sentTo(citizen.phone)
    await browser.open(party.authorizationUrl(asked))
    expect(world.view).toBe('login/code')
    expect(browser.page.html).toMatch(byResource)
    await enterCode(world, browser, citizen, before)
    await browser.submit({ decision: 'allow' }, '/consent')
    const { body } = await party.redeem(browser.callback.get('code')!, { resource })
    expect(await readJwt(world, body.access_token, resource)).toMatchObject({ acr: 'aal2' })
  })
  test('that the client demands itself is not laid at the door of the resource server', async () => {
    const { party, asked } = await demanding({ minimum_acr: 'aal2' }, { minimum_acr: 'aal2' })
    const { html } = await enter(world.browser(), party, citizen, asked)
    expect(html).toMatch(saying('login.why_service', { service: 'Соцвыплаты онлайн' }))
    expect(html).not.toMatch(byResource)
  })
  test('is the highest of several, and acr_values cannot lower it', async () => {
    const [weak, strong] = [await demanding({}), await demanding({ minimum_acr: 'aal2' })]
    const party = await world.relyingParty({ resource_indicators: [weak.resource, strong.resource] })
    const scope = `${weak.asked.scope} ${strong.asked.scope.split(' ')[1]}`
    const url = party.authorizationUrl({ scope, resource: weak.resource, acr_values: 'aal1' })
    const browser = world.browser()
    await browser.open(`${url}&${new URLSearchParams({ resource: strong.resource })}`)
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    expect(world.view).toBe('login/code')
  })
  test('is demanded of voluntary clients too', async () => {
    const { party, asked } = await demanding({ minimum_acr: 'aal2' }, { acr_policy: 'voluntary' })
    await enter(world.browser(), party, citizen, asked)
    expect(world.view).toBe('login/code')
  })
  test('that nothing of the account reaches is told with the resource server', async () => {
    const { party, asked } = await demanding({ minimum_acr: 'aal3' })
    const { html } = await enter(world.browser(), party, citizen, asked)
    expect(world.view).toBe('login/unmet')
    expect(html).toMatch(byResource)
  })
  test('is asked for on the way from a device', async () => {
    const { resource, asked } = await demanding({ minimum_acr: 'aal2' })
    const device = await deviceClient(world, { resource_indicators: [resource] })
    const begun = await beginDevice(world, device, asked)
    const browser = world.browser()
    await browser.open('/device')
    await browser.submit({ user_code: begun.user_code }, '/device')
    await browser.submit({ confirm: 'yes' }, '/device')
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    expect(world.view).toBe('login/code')
  })
})

describe('the level of the person', () => {
  test('is not enough without a page', async () => {
    await prove(world, citizen, 'standard')
    const { party, asked } = await demanding({ minimum_identity_level: 'standard' })
    const { browser } = await signedIn(world, { party, citizen, parameters: asked })
    await unprove(world, citizen)
    await browser.open(party.authorizationUrl({ ...asked, prompt: 'none' }))
    expect(browser.callback.get('error')).toBe('interaction_required')
  })
  test('is asked for, on a page that says whose demand it is', async () => {
    const { party, asked, resource } = await demanding({ minimum_identity_level: 'standard' })
    const browser = world.browser()
    const { html, url } = await enter(browser, party, citizen, asked)
    expect(world.view).toBe('login/identity')
    expect(html).toMatch(byResource)
    await browser.submit({ way: 'prove' }, '/identity')
    await prove(world, citizen, 'standard')
    await browser.open(url)
    await browser.submit({ decision: 'allow' }, '/consent')
    expect((await party.redeem(browser.callback.get('code')!, { resource })).status).toBe(200)
  })
  test('that the client demands itself is not laid at the door of the resource server', async () => {
    const level = { minimum_identity_level: 'verified' } as const
    const { party, asked } = await demanding({ minimum_identity_level: 'standard' }, level)
    const { html } = await enter(world.browser(), party, citizen, asked)
    expect(world.view).toBe('login/identity')
    expect(html).not.toMatch(byResource)
  })
  test('that is not reached ends the request by its name', async () => {
    const { party, asked } = await demanding({ minimum_identity_level: 'verified' })
    const browser = world.browser()
    await enter(browser, party, citizen, asked)
    await browser.submit({ way: 'end' }, '/identity')
    expect(Object.fromEntries(browser.callback)).toMatchObject({
      error: 'access_denied',
      error_description: expect.stringContaining('identity level verified'),
    })
  })
})

describe('where the client of the resource server is suspended', () => {
  test('there is nothing to be asked for, by nobody', async () => {
    const { owner, party, asked, resource } = await demanding(
      { minimum_acr: 'aal2' },
      { grant_types: ['authorization_code', 'client_credentials'] },
    )
    await world.house.registrar.suspend(owner.registration.client_id, 'a test')
    const browser = world.browser()
    await browser.open(party.authorizationUrl(asked))
    expect(browser.callback.get('error')).toBe('invalid_target')
    const own = await tokenFor(world, party, { grant_type: 'client_credentials', resource })
    expect(own).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
  })
  test('a sign-in that has begun ends', async () => {
    const { owner, party, asked } = await demanding({ minimum_acr: 'aal2' })
    const browser = world.browser()
    await browser.open(party.authorizationUrl(asked))
    await world.house.registrar.suspend(owner.registration.client_id, 'a test')
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    expect(browser.page.status).toBe(400)
  })
})
