import supertest from 'supertest'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ActingParty } from '../../relying-party.ts'
import { SOME, saying } from '../../saying.ts'
import { type Citizen, worldOfFile } from '../../world.ts'
import { asked, cibaClient, fetchResult, messageOf } from './acting-client.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await cibaClient(world)
})
beforeEach(async () => {
  citizen = await world.citizen()
})

describe('by the code of a message', () => {
  test('the person reads who asks for what, types the code and approves', async () => {
    const request = await asked(world, party, { login_hint: citizen.phone, binding_message: 'Талон 4711' })
    expect(request).toMatchObject({ expires_in: 300, interval: 5 })
    expect((await fetchResult(party, request)).body.error).toBe('authorization_pending')
    const { link, text } = await messageOf(world, citizen)
    const said = { service: 'Соцвыплаты онлайн', bound: 'Талон 4711', link, code: SOME }
    expect(text).toMatch(saying('message.approval_code_bound', said))
    const browser = world.browser()
    await browser.open(link)
    expect(browser.page.html).toContain('Талон 4711')
    expect(browser.page.html).toContain('Соцвыплаты онлайн')
    expect(browser.page.html).toMatch(saying('consent.item.birthdate'))
    await browser.submit({ code: await world.code(citizen.phone), decision: 'approve' })
    expect(browser.page.html).toMatch(saying('ciba.approved_text'))
    const { status, body } = await fetchResult(party, request)
    expect(status).toBe(200)
    const claims = await party.claims(body.id_token)
    expect(claims).toMatchObject({ sub: String(citizen.oid), acr: 'aal1', amr: ['otp', 'sms'] })
    expect(Math.abs(claims.auth_time! - Date.now() / 1000)).toBeLessThan(30)
    expect((await party.userinfo(body.access_token)).body).toMatchObject({ family_name: 'Ветрова' })
    expect(body.refresh_token).toBeUndefined()
    const journal = (await world.journal(citizen.oid)).map(({ type, fields }) => [type, fields.notice ?? fields.acr])
    expect(journal).toEqual(
      expect.arrayContaining([
        ['ciba.requested', 'code'],
        ['ciba.approved', 'aal1'],
        ['consent.granted', undefined],
      ]),
    )
  })

  test('only what the person agreed to goes out, and with `offline_access` it can be refreshed', async () => {
    const request = await asked(world, party, { login_hint: citizen.email, scope: 'openid offline_access' })
    await approve(await messageOf(world, citizen))
    const { body } = await fetchResult(party, request)
    expect((await party.userinfo(body.access_token)).body).toEqual({ sub: String(citizen.oid) })
    expect((await party.refresh(body.refresh_token!)).status).toBe(200)
  })

  test('who agreed before is not told of data again, and may be named by an id_token', async () => {
    const first = await asked(world, party, { login_hint: String(citizen.oid) })
    await approve(await messageOf(world, citizen))
    const { body } = await fetchResult(party, first)
    const second = await asked(world, party, { id_token_hint: body.id_token })
    const browser = await approve(await messageOf(world, citizen, 1), 1)
    expect(browser.page.html).not.toMatch(saying('consent.item.birthdate'))
    expect((await fetchResult(party, second)).status).toBe(200)
  })

  test('the person refuses without a code', async () => {
    const request = await asked(world, party, { login_hint: citizen.phone })
    const browser = world.browser({ locale: 'en' })
    await browser.open((await messageOf(world, citizen)).link)
    await browser.submit({ decision: 'refuse' })
    expect(browser.page.html).toMatch(saying('ciba.refused_text', {}, 'en'))
    expect((await fetchResult(party, request)).body.error).toBe('access_denied')
    expect((await world.journal(citizen.oid))[0]).toMatchObject({ type: 'ciba.refused' })
  })

  test('a new code can be sent while the request lives', async () => {
    const request = await asked(world, party, { login_hint: citizen.phone, requested_expiry: '600' })
    expect(request.expires_in).toBe(600)
    const { link } = await messageOf(world, citizen)
    const browser = world.browser()
    await browser.open(link)
    await browser.submit({}, '/again')
    expect(browser.page.status).toBe(429)
    world.travel(61)
    await browser.open(link)
    await browser.submit({}, '/again')
    const again = await messageOf(world, citizen, 1)
    expect(again.link).toBe(link)
    await browser.submit({ code: await world.code(citizen.phone, 1), decision: 'approve' })
    expect((await fetchResult(party, request)).status).toBe(200)
  })

  test('messages speak the language that the client asks for', async () => {
    await asked(world, party, { login_hint: citizen.phone, ui_locales: 'en-GB' })
    const { text } = await messageOf(world, citizen)
    expect(text).toContain('“Social benefits online”'.replace(/[“”]/g, '"'))
  })
})

test('a request for more than one factor comes with a link and leads to a sign-in', async () => {
  const strong = await cibaClient(world, { minimum_acr: 'aal2' })
  const request = await asked(world, strong, { login_hint: citizen.phone })
  const { link, text } = await messageOf(world, citizen)
  expect(text).not.toMatch(/\b\d{6}\b/)
  const browser = world.browser()
  await browser.open(link)
  expect(browser.page.html).not.toContain('name="code"')
  await browser.open('/requests')
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  expect(browser.page.html).toMatch(saying('cabinet.request_step_up'))
  await browser.submit({ decision: 'approve' }, '')
  await browser.submit({ code: await world.code(citizen.phone, 1) }, '/factor/code')
  expect(new URL(browser.page.url).pathname).toBe('/requests')
  expect((await fetchResult(strong, request)).body.error).toBe('authorization_pending')
  await browser.submit({ decision: 'approve' }, '')
  expect(browser.page.html).toMatch(saying('cabinet.request_approved'))
  const claims = await strong.claims((await fetchResult(strong, request)).body.id_token)
  expect(claims).toMatchObject({ acr: 'aal2', amr: expect.arrayContaining(['pwd', 'sms', 'mfa']) })
})

test('discovery tells what is offered', async () => {
  const { body } = await supertest(world.listens).get('/.well-known/openid-configuration')
  expect(body).toMatchObject({
    backchannel_authentication_endpoint: `${world.origin}/oauth2/ciba`,
    backchannel_token_delivery_modes_supported: ['poll', 'ping'],
    backchannel_user_code_parameter_supported: false,
  })
})

async function approve({ link }: { link: string }, after = 0) {
  const browser = world.browser()
  await browser.open(link)
  const page = { ...browser.page }
  await browser.submit({ code: await world.code(citizen.phone, after), decision: 'approve' })
  expect(browser.page.html).toMatch(saying('ciba.approved_text'))
  return { page }
}
