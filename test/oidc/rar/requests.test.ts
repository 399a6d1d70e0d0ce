import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ActingParty, Tokens } from '../../relying-party.ts'
import {
  introspect,
  PAYMENTS,
  payment,
  readJwt,
  registerResourceServer,
  send,
  tokenFor,
} from '../../resource-server.ts'
import { enter, signedIn } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

/** Rich authorization requests (RFC 9396). */

const LEDGER = 'https://ledger.example/api'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  await registerResourceServer(world)
  await registerResourceServer(world, {
    identifier: LEDGER,
    token_format: 'opaque',
    authorization_details_types: [
      { type: 'entry', title: 'Запись', fields: [{ name: 'page', type: 'number', title: 'Страница' }] },
    ],
  })
  party = await world.relyingParty({
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    resource_indicators: [PAYMENTS, LEDGER],
    authorization_details_types: ['payment', 'entry'],
  })
})
beforeEach(async () => {
  citizen = await world.citizen()
})

type Granted = Tokens & { readonly authorization_details: unknown }

const asking = (details: unknown, parameters: Record<string, string> = {}) => ({
  scope: 'openid payments:read',
  resource: PAYMENTS,
  authorization_details: typeof details === 'string' ? details : JSON.stringify(details),
  ...parameters,
})

describe('an authorization request is refused with invalid_authorization_details, naming what is wrong', () => {
  const { amount: _amount, ...withoutAmount } = payment
  test.each<[string, unknown, RegExp]>([
    ['what is no JSON', '{', /could not parse/],
    ['what is no array', payment, /array/],
    ['a type that nobody describes', [{ type: 'unheard_of' }], /type/],
    ['a type that is a name of every object', [{ type: 'toString' }], /type/],
    ['no type', [{ amount: 1 }], /type/],
    ['a member that is missing', [withoutAmount], /amount: is missing/],
    ['a member that is not described', [{ ...payment, purse: 1 }], /purse: there is no such member/],
    ['a member inside an object', [{ ...payment, creditor: { name: 'x', iban: '1' } }], /creditor\.iban/],
    ['a text for a number', [{ ...payment, amount: '5' }], /amount: must be a number/],
    ['a number for an object', [{ ...payment, creditor: 5 }], /creditor: must be an object/],
    ['a text for an array', [{ ...payment, actions: 'initiate' }], /actions/],
    ['a text for true or false', [{ ...payment, urgent: 'yes' }], /urgent: must be true or false/],
    ['a value that is not offered', [{ ...payment, currency: 'USD' }], /currency/],
    ['an empty text', [{ ...payment, creditor: { name: ' ' } }], /creditor\.name/],
    ['a text that shows something else', [{ ...payment, creditor: { name: 'a\u202eb' } }], /control characters/],
    ['a text without end', [{ ...payment, creditor: { name: 'x'.repeat(501) } }], /500/],
    ['a location that is not registered', [{ ...payment, locations: ['https://evil.example'] }], /locations/],
    ['a type of another resource', [{ type: 'entry', page: 1 }], /resource=/],
    ['a second one that is wrong', [payment, { ...payment, amount: null }], /amount/],
  ])('%s', async (_what, details, message) => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl(asking(details)))
    expect(browser.callback.get('error')).toBe('invalid_authorization_details')
    expect(browser.callback.get('error_description')).toMatch(message)
  })
  test.each<[string, object]>([
    ['that is registered for another type', { authorization_details_types: ['entry'] }],
    ['that is registered for none', {}],
  ])('a client %s', async (_what, metadata) => {
    const other = await world.relyingParty({ resource_indicators: [PAYMENTS], ...metadata })
    const browser = world.browser()
    await browser.open(other.authorizationUrl(asking([payment])))
    expect(browser.callback.get('error')).toBe('invalid_authorization_details')
    expect(browser.callback.get('error_description')).toMatch(/not registered|not allowed/)
  })
  test('also when it is pushed', async () => {
    const parameters = Object.fromEntries(new URL(party.authorizationUrl(asking([withoutAmount]))).searchParams)
    const { status, body } = await send(world, party, '/oauth2/par', parameters)
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: 'invalid_authorization_details' })
  })
})

describe('the person', () => {
  test.each([
    ['ru', ['Перевод денег', 'Сумма', '1\u00a0234,5', 'рубли', 'Имя: Школа № 5', 'initiate, cancel', 'нет']],
    ['en', ['Money transfer', 'Amount', '1,234.5', 'roubles', 'Name: Школа № 5', 'initiate, cancel', 'no']],
  ] as const)('reads every member before deciding, in %s', async (locale, texts) => {
    const { html } = await enter(world.browser({ locale }), party, citizen, asking([payment]))
    expect(world.view).toBe('login/consent')
    for (const text of [...texts, PAYMENTS]) expect(html).toContain(text)
  })
  test('is asked each time, however often the same was agreed to', async () => {
    const { browser } = await signedIn(world, { party, citizen, parameters: asking([payment]) })
    await browser.open(party.authorizationUrl(asking([payment])))
    expect(world.view).toBe('login/consent')
    await browser.open(party.authorizationUrl(asking([payment], { prompt: 'none' })))
    expect(browser.callback.get('error')).toMatch(/_required$/)
  })
  test('who refuses gives nothing, and the next request without details is not asked', async () => {
    const { browser } = await signedIn(world, { party, citizen, parameters: asking([payment]) })
    await browser.open(party.authorizationUrl(asking([payment])))
    await browser.submit({ decision: 'deny' }, '/consent')
    expect(browser.callback.get('error')).toBe('access_denied')
    await browser.open(party.authorizationUrl({ scope: 'openid payments:read', resource: PAYMENTS }))
    const { body } = await party.redeem(browser.callback.get('code')!, { resource: PAYMENTS })
    expect(body).not.toHaveProperty('authorization_details')
    expect(await readJwt(world, body.access_token)).not.toHaveProperty('authorization_details')
  })
  test('finds in the journal what kind was agreed to', async () => {
    await signedIn(world, { party, citizen, parameters: asking([payment]) })
    const granted = (await world.journal(citizen.oid)).find(({ type }) => type === 'consent.granted')
    expect(granted?.fields).toMatchObject({ details: 'payment' })
  })
})

describe('what was granted', () => {
  const granted = async (details: readonly object[], parameters: Record<string, string> = {}) =>
    (await signedIn(world, { party, citizen, parameters: asking(details, parameters) })).tokens as Granted

  test('stands in the answer and in the JWT, which needs no resource parameter', async () => {
    const tokens = await granted([payment])
    expect(tokens.authorization_details).toEqual([payment])
    expect(await readJwt(world, tokens.access_token)).toMatchObject({ authorization_details: [payment] })
  })
  test('stands in what introspection says', async () => {
    const entry = { type: 'entry', page: 7 }
    const tokens = await granted([entry], { scope: 'openid', resource: LEDGER })
    const { body } = await introspect(world, party, tokens.access_token)
    expect(body).toMatchObject({ active: true, aud: LEDGER, authorization_details: [entry] })
  })
  test('lives on through a refresh, and may be narrowed there', async () => {
    const small = { ...payment, amount: 5 }
    const tokens = await granted([payment, small])
    const again = await party.refresh(tokens.refresh_token!)
    expect(again.body).toMatchObject({ authorization_details: [payment, small] })
    const fewer = { ...small, actions: ['cancel'] }
    const narrowed = await party.refresh(again.body.refresh_token!, {
      resource: PAYMENTS,
      authorization_details: JSON.stringify([fewer]),
    })
    expect(narrowed.body).toMatchObject({ authorization_details: [fewer] })
    expect(await readJwt(world, narrowed.body.access_token)).toMatchObject({ authorization_details: [fewer] })
  })
  test.each<[string, object]>([
    ['another amount', { ...payment, amount: 1 }],
    ['a further action', { ...payment, actions: ['initiate', 'cancel', 'repeat'] }],
    ['no limit of actions', (({ actions: _, ...rest }) => rest)(payment)],
    ['another payee', { ...payment, creditor: { name: 'Другой' } }],
  ])('is not widened at refresh to %s', async (_what, detail) => {
    const tokens = await granted([payment])
    const parameters = { resource: PAYMENTS, authorization_details: JSON.stringify([detail]) }
    const refused = await party.refresh(tokens.refresh_token!, parameters)
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_authorization_details' } })
  })
  test('without details is not gained at refresh', async () => {
    const parameters = { scope: 'openid payments:read', resource: PAYMENTS }
    const { tokens } = await signedIn(world, { party, citizen, parameters })
    const refused = await party.refresh(tokens.refresh_token!, {
      resource: PAYMENTS,
      authorization_details: JSON.stringify([payment]),
    })
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_authorization_details' } })
  })
  test('to a client itself needs nobody, and is checked all the same', async () => {
    const ask = (detail: object) =>
      tokenFor(world, party, {
        grant_type: 'client_credentials',
        resource: PAYMENTS,
        authorization_details: JSON.stringify([detail]),
      })
    expect((await ask(payment)).body.authorization_details).toEqual([payment])
    expect((await ask({ ...payment, amount: 'all' })).body).toMatchObject({ error: 'invalid_authorization_details' })
  })
})
