import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ticketHash } from '#src/kernel/ids.ts'
import type { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { saying } from '../saying.ts'
import { agreedTo, signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { inCabinet } from './cabinet.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
let browser: Browser
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
  ;({ browser } = await signedIn(world, { party, citizen }))
  await browser.open(`${world.origin}/services`)
})

const refOf = ({ registration }: ActingParty) => ticketHash(registration.client_id)
const page = (of = party) => `/services/${refOf(of)}`
const consent = (of = citizen) => world.house.consents.find(of.oid, party.registration.client_id)
const withdraw = (of = party) => browser.open(world.origin + page(of)).then(() => browser.submit({}, page(of)))

test('lists who may have which data, since when, until when, and the last sign-in there', async () => {
  expect(world.view).toBe('cabinet/services')
  const format = new Intl.DateTimeFormat('ru', { dateStyle: 'long', timeZone: 'Europe/Moscow' })
  const today = format.format(new Date())
  const end = format.format(new Date(Date.now() + 365 * 86_400_000))
  for (const shown of ['Соцвыплаты онлайн', 'Дата рождения', 'Электронная почта', today, end, page()])
    expect(browser.page.html).toContain(shown)
  expect(browser.page.html.split(today)).toHaveLength(3)
})

test('says so where there is nothing, and nothing of what has expired', async () => {
  const other = await world.citizen()
  expect((await inCabinet(world, other, '/services')).page.html).toMatch(saying('cabinet.services_none'))
  const past = new Date(Date.now() - 1000)
  await world.house.store.db.updateTable('consents').set({ expires_at: past }).where('oid', '=', citizen.oid).execute()
  await browser.open('/services')
  expect(browser.page.html).toMatch(saying('cabinet.services_none'))
})

test('a service that is suspended or deleted is shown by its name, and can be taken the consent', async () => {
  const gone = await world.relyingParty({ client_name: 'Закрытый сайт' })
  await agreedTo(browser, gone)
  const { client_id } = gone.registration
  await world.house.store.db
    .updateTable('clients')
    .set({ state: 'deleted' })
    .where('client_id', '=', client_id)
    .execute()
  world.house.clients.forget(client_id)
  await browser.open(`${world.origin}/services`)
  expect(browser.page.html).toContain('Закрытый сайт')
  await withdraw(gone)
  expect(browser.page.html).toMatch(saying('cabinet.service_withdrawn'))
  expect(browser.page.html).not.toContain('Закрытый сайт')
})

test('twenty to a page', async () => {
  const { consents } = world.house
  for (let n = 0; n < 20; n++)
    await consents.grant({ oid: citizen.oid, clientId: `shelf-${n}`, scopes: ['openid'], claims: [] })
  await browser.open('/services')
  const shown = () => [...browser.page.html.matchAll(/href="\/services\/[\w-]{43}"/g)].length
  expect([shown(), browser.page.html.includes('/services?page=2')]).toEqual([20, true])
  await browser.open('/services?page=2')
  expect([shown(), browser.page.html.includes('/services?page=1')]).toEqual([1, true])
  for (const odd of ['-1', '0', 'x', '1e9', '99']) {
    await browser.open(`/services?page=${odd}`)
    expect(browser.page.status).toBe(200)
  }
})

describe('taking back', () => {
  test('is told beforehand, and a look at the page changes nothing', async () => {
    await browser.open(page())
    for (const key of ['cabinet.withdraw_stops', 'cabinet.withdraw_signs_out', 'cabinet.withdraw_keeps'])
      expect(browser.page.html).toMatch(saying(key))
    expect(await consent()).toBeDefined()
  })

  test('leaves a line in the journal, with the session that it was done in', async () => {
    await withdraw()
    expect(await consent()).toBeUndefined()
    const [session] = await world.house.sessions.list(citizen.oid)
    const event = (await world.journal(citizen.oid)).find(({ type }) => type === 'consent.withdrawn')
    expect(event!.fields).toMatchObject({ client: party.registration.client_id, origin: session!.ref })
  })

  test('is refused where somebody else consented, and journalled', async () => {
    const own = await world.relyingParty()
    const stranger = await world.citizen()
    const thief = (await signedIn(world, { party: own, citizen: stranger })).browser
    await thief.open(world.origin + page(own))
    const { hidden } = thief.form(page(own))
    await thief.post(page(), new URLSearchParams(hidden).toString())
    expect(thief.page.status).toBe(404)
    await thief.open(page())
    expect(thief.page.status).toBe(404)
    expect(await consent()).toBeDefined()
    const refused = (await world.journal(stranger.oid)).filter(({ type }) => type === 'cabinet.reference_refused')
    expect(refused.map(({ fields }) => fields.kind)).toEqual(['service', 'service'])
  })

  test('is refused without the token of our form', async () => {
    await browser.post(page(), '')
    expect(browser.page.status).toBe(403)
    expect(await consent()).toBeDefined()
  })

  test('twice at once, or twice, does no harm', async () => {
    await browser.open(page())
    const { hidden } = browser.form(page())
    const second = await inCabinet(world, citizen, page())
    await Promise.all([browser.submit({}, page()), second.submit({}, page())])
    expect(await consent()).toBeUndefined()
    await browser.post(page(), new URLSearchParams(hidden).toString())
    expect(browser.page.status).toBe(404)
  })

  test('touches neither other services nor other people', async () => {
    const other = await world.relyingParty()
    const mine = await agreedTo(browser, other)
    const neighbour = await signedIn(world, { party, citizen: await world.citizen() })
    await withdraw()
    expect((await other.userinfo(mine.access_token)).status).toBe(200)
    expect((await party.userinfo(neighbour.tokens.access_token)).status).toBe(200)
    expect((await other.refresh(mine.refresh_token!)).status).toBe(200)
  })
})
