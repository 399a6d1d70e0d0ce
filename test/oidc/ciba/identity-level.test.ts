import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { prove, unprove } from '../../proving.ts'
import type { ActingParty } from '../../relying-party.ts'
import { saying } from '../../saying.ts'
import { enter } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'
import { beginDevice, deviceClient, poll } from '../device/acting-device.ts'
import { ask, asked, cibaClient, fetchResult, messageOf } from './acting-client.ts'

/** The identity level that a client demands holds for what people approve elsewhere, too. */

const world = worldOfFile({ env: { SIGNAL_MANY_ACCOUNTS: 'off' } })
let caller: ActingParty
let television: ActingParty
let citizen: Citizen
beforeAll(async () => {
  caller = await cibaClient(world, { minimum_identity_level: 'standard' })
  television = await deviceClient(world, { minimum_identity_level: 'standard' })
})
beforeEach(async () => {
  citizen = await world.citizen()
})

const refusal = {
  error: 'access_denied',
  error_description: 'identity level standard is required, which the account does not have',
}

describe('by the back channel', () => {
  async function approve(): Promise<string> {
    const browser = world.browser()
    await browser.open((await messageOf(world, citizen)).link)
    const { html } = await browser.submit({ code: await world.code(citizen.phone), decision: 'approve' })
    return html
  }

  test('the call itself tells nothing of the level', async () => {
    const nobody = await ask(world, caller, { login_hint: '+79169999999' })
    const below = await ask(world, caller, { login_hint: citizen.phone })
    expect([nobody.status, Object.keys(nobody.body)]).toEqual([below.status, Object.keys(below.body)])
  })
  test('who approves below the level is told why, and the client is refused', async () => {
    const request = await asked(world, caller, { login_hint: citizen.phone })
    expect(await approve()).toMatch(saying('ciba.below_level_text'))
    expect((await fetchResult(caller, request)).body).toMatchObject(refusal)
    const types = (await world.journal(citizen.oid)).map(({ type }) => type)
    expect(types).toEqual(expect.arrayContaining(['ciba.refused', 'identity.level_awaited']))
    expect(types).not.toContain('consent.granted')
  })
  test('on the page of requests too', async () => {
    const request = await asked(world, caller, { login_hint: citizen.phone })
    const browser = world.browser()
    await enter(browser, await world.relyingParty(), citizen)
    await browser.submit({ decision: 'allow' }, '/consent')
    await browser.open(`${world.origin}/requests`)
    await browser.submit({ decision: 'approve' }, new URL(formAddress(browser.page.html), world.origin).pathname)
    expect(browser.page.html).toMatch(saying('ciba.below_level_text'))
    expect((await fetchResult(caller, request)).body).toMatchObject(refusal)
  })
  test('an essential claim of one request counts as well', async () => {
    const plain = await cibaClient(world)
    const claims = JSON.stringify({ id_token: { identity_level: { essential: true, value: 'standard' } } })
    const request = await asked(world, plain, { login_hint: citizen.phone, claims })
    await approve()
    expect((await fetchResult(plain, request)).body).toMatchObject(refusal)
  })
  test('with the level it goes on, unless that is lost before the tokens are fetched', async () => {
    await prove(world, citizen, 'standard')
    const request = await asked(world, caller, { login_hint: citizen.phone })
    const browser = world.browser()
    await browser.open((await messageOf(world, citizen)).link)
    await browser.submit({ code: await world.code(citizen.phone), decision: 'approve' })
    expect(browser.page.html).toMatch(saying('ciba.approved_text'))
    await unprove(world, citizen)
    expect((await fetchResult(caller, request)).body).toMatchObject({ error: 'invalid_grant' })
  })
})

describe('on a device', () => {
  async function confirm(userCode: string) {
    const browser = world.browser()
    await browser.open('/device')
    await browser.submit({ user_code: userCode }, '/device')
    await browser.submit({ confirm: 'yes' }, '/device')
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    return browser
  }

  test('the person is shown the step, and going back ends the request', async () => {
    const begun = await beginDevice(world, television)
    const browser = await confirm(begun.user_code)
    expect(world.view).toBe('login/identity')
    await browser.submit({ way: 'end' }, '/identity')
    expect(browser.page.url.startsWith(world.origin)).toBe(true)
    expect((await poll(television, begun)).body).toMatchObject(refusal)
  })
  test('and goes on when the level is there', async () => {
    const begun = await beginDevice(world, television)
    const browser = await confirm(begun.user_code)
    await prove(world, citizen, 'standard')
    await browser.open(browser.page.url)
    await browser.submit({ decision: 'allow' }, '/consent')
    expect((await poll(television, begun)).status).toBe(200)
  })
})

const formAddress = (html: string) => /action="(\/requests\/[^"]+)"/.exec(html)![1]!
