import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ActingParty } from '../../relying-party.ts'
import { PAYMENTS, readJwt, registerResourceServer } from '../../resource-server.ts'
import { saying } from '../../saying.ts'
import { enter, signedIn } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  await registerResourceServer(world)
})
beforeEach(async () => {
  party = await world.relyingParty({ resource_indicators: [PAYMENTS] })
  citizen = await world.citizen()
})

const READ = { scope: 'openid payments:read', resource: PAYMENTS }
const WRITE = { scope: 'openid payments:read payments:write', resource: PAYMENTS }

describe('the consent page', () => {
  test.each([
    ['ru', 'Реестр выплат', 'Видеть ваши выплаты', 'Назначать выплаты'],
    ['en', 'Payments registry', 'See your payments', 'Order payments'],
  ] as const)('names the resource server and what may be done there, in %s', async (locale, name, read, write) => {
    const { html } = await enter(world.browser({ locale }), party, citizen, READ)
    expect(html).toMatch(saying('consent.resource', { resource: name }, locale))
    expect(html).toContain(read)
    expect(html).not.toContain(write)
    expect(html).not.toContain(PAYMENTS)
  })
  test('writes a title that looks like markup as text', async () => {
    const identifier = 'https://markup.example/api'
    await registerResourceServer(world, {
      identifier,
      name: '<img src=x onerror=alert(1)>',
      scopes: [{ name: 'markup', title: '<script>alert(1)</script>' }],
    })
    const own = await world.relyingParty({ resource_indicators: [identifier] })
    const { html } = await enter(world.browser(), own, citizen, { scope: 'openid markup', resource: identifier })
    expect(html).not.toMatch(/<img src=x|<script>alert/)
  })
})

describe('what was agreed to at a resource server', () => {
  test('is remembered, in another browser too', async () => {
    await signedIn(world, { party, citizen, parameters: READ })
    const other = world.browser()
    await enter(other, party, citizen, READ)
    const { body } = await party.redeem(other.callback.get('code')!, { resource: PAYMENTS })
    expect(await readJwt(world, body.access_token)).toMatchObject({ scope: 'payments:read' })
  })
  test('does not cover more: asked again, and a refusal leaves what was before', async () => {
    const { browser } = await signedIn(world, { party, citizen, parameters: READ })
    await browser.open(party.authorizationUrl(WRITE))
    expect(world.view).toBe('login/consent')
    await browser.submit({ decision: 'deny' }, '/consent')
    expect(browser.callback.get('error')).toBe('access_denied')
    await browser.open(party.authorizationUrl(READ))
    expect(browser.callback.get('code')).toBeTypeOf('string')
    await browser.open(party.authorizationUrl(WRITE))
    await browser.submit({ decision: 'allow' }, '/consent')
    const { body } = await party.redeem(browser.callback.get('code')!, { resource: PAYMENTS })
    expect(body.scope).toBe('payments:read payments:write')
  })
  test('in one session is in force in another one', async () => {
    const { browser: first } = await signedIn(world, { party, citizen, parameters: READ })
    const { browser: second } = await signedIn(world, { party, citizen, parameters: READ })
    await first.open(party.authorizationUrl(WRITE))
    await first.submit({ decision: 'allow' }, '/consent')
    await second.open(party.authorizationUrl(WRITE))
    const { body } = await party.redeem(second.callback.get('code')!, { resource: PAYMENTS })
    expect(body.scope).toContain('payments:write')
  })
  test('with one relying party tells another nothing', async () => {
    const { browser } = await signedIn(world, { party, citizen, parameters: READ })
    const other = await world.relyingParty({ resource_indicators: [PAYMENTS] })
    await browser.open(other.authorizationUrl(READ))
    expect(world.view).toBe('login/consent')
  })
  test('does not help without a page: prompt=none is told so', async () => {
    const { browser } = await signedIn(world, { party, citizen, parameters: READ })
    await browser.open(party.authorizationUrl({ ...WRITE, prompt: 'none' }))
    expect(browser.callback.get('error')).toBe('consent_required')
  })
  test('stands in the journal', async () => {
    await signedIn(world, { party, citizen, parameters: READ })
    const granted = (await world.journal(citizen.oid)).find(({ type }) => type === 'consent.granted')
    expect(granted?.fields).toMatchObject({ resources: `${PAYMENTS}: payments:read`, details: '' })
  })
})
