import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Outgoing } from '#src/notifications/channels.ts'
import type { Browser } from '../browser-http.ts'
import { enter, signedIn } from '../signing-in.ts'
import { type Citizen, type Sent, startWorld, type World } from '../world.ts'

const THREE_DAYS = 72 * 3600
const DAY = 24 * 3600

let world: World
let second: World
beforeAll(async () => {
  world = await startWorld()
  // Its worker sends messages of the common database, too.
  const received = (channel: Sent['channel']) => ({
    send: async (message: Outgoing) => world.received({ channel, ...message }),
  })
  const channels = { sms: received('sms'), mail: received('mail') }
  second = await startWorld({ beside: world, replacements: { channels } })
})
afterAll(async () => {
  await second.stop()
  await world.stop()
})
// Between two codes to one number is a pause.
beforeEach(() => world.travel(61))

/** A new holder of the number gets as far as the page that tells of the clash. */
async function clashed(phone: string, at: World = world): Promise<Browser> {
  const browser = at.browser()
  const before = at.sentTo(phone)
  await browser.open('/registration')
  await browser.submit({})
  await browser.submit({ phone })
  await browser.submit({ code: await at.code(phone, before) })
  expect(at.view).toBe('registration/clash')
  return browser
}

async function requested(citizen: Citizen, at: World = world): Promise<Browser> {
  const browser = await clashed(citizen.phone, at)
  await browser.submit({}, '/detach')
  expect(browser.page.status).toBe(200)
  return browser
}

const mails = (citizen: Citizen, at: World = world) =>
  at.sent.filter(({ recipient, text }) => recipient === citizen.email && text.includes('/contact/'))

async function keepLink(citizen: Citizen): Promise<string> {
  await world.message(citizen.email, 1)
  return /https?:\/\/\S+\/contact\/keep\/\S+/.exec(mails(citizen)[0]!.text)![0]
}

const eventsOf = async (citizen: Citizen) =>
  (await world.journal(citizen.oid)).filter(({ type }) => type.startsWith('contact.'))
const typesOf = async (citizen: Citizen) => (await eventsOf(citizen)).map(({ type }) => type)
const ownerOf = (citizen: Citizen) => world.house.accounts.ownerOf('phone', citizen.phone)

async function rows(citizen: Citizen): Promise<string[]> {
  const found = await world.house.store.db
    .selectFrom('detachments')
    .select('state')
    .where('oid', '=', citizen.oid)
    .execute()
  return found.map(({ state }) => state)
}

async function threeDaysLater(at: World = world): Promise<void> {
  world.travel(THREE_DAYS + 1)
  await at.house.detachments.detachDue()
}

describe('asking for a number', () => {
  test('takes the code of that number: before it, nothing is asked', async () => {
    const citizen = await world.citizen()
    const browser = world.browser()
    await browser.open('/registration')
    await browser.submit({})
    await browser.submit({ phone: citizen.phone })
    const { csrf } = browser.form().hidden
    await browser.post('/registration/clash/detach', `csrf=${csrf}`)
    expect(world.view).toBe('registration/start')
    await browser.post('/registration/clash/detach', `csrf=${csrf}&phone=${encodeURIComponent(citizen.phone)}`)
    expect(await rows(citizen)).toEqual([])
  })

  test('works in the browser alone that entered the code, and only by its form', async () => {
    const citizen = await world.citizen()
    const browser = await clashed(citizen.phone)
    const stranger = world.browser()
    await stranger.open('/registration')
    await stranger.post('/registration/clash/detach', `csrf=${stranger.form().hidden.csrf}`)
    expect(world.view).toBe('registration/start')
    await browser.post('/registration/clash/detach', '')
    expect(browser.page.status).toBe(403)
    await browser.open('/registration/clash/detach')
    expect(browser.page.status).toBe(405)
    expect(await rows(citizen)).toEqual([])
  })

  test('tells the day in words and Moscow time, and the same one when asked again', async () => {
    const citizen = await world.citizen()
    const at = new Date(Date.now() + THREE_DAYS * 1000)
    const browser = await requested(citizen)
    const date = new Intl.DateTimeFormat('ru', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Moscow' })
    expect(browser.page.html).toContain(`Номер освободится ${date.format(at)} по московскому времени`)
    const shown = /Номер освободится [^<]*/.exec(browser.page.html)![0]
    world.travel(3600)
    const again = await clashed(citizen.phone)
    expect(again.page.html).toContain(shown)
    await again.open('/registration')
    await again.post('/registration/clash/detach', `csrf=${again.form().hidden.csrf}`)
    expect(again.page.html).toContain(shown)
    expect(await rows(citizen)).toEqual(['waiting'])
    expect(await typesOf(citizen)).toEqual(['contact.detachment_requested'])
  })

  test('tells the owner by mail only, and nothing of the owner to whoever asks', async () => {
    const citizen = await world.citizen()
    const lonely = await world.citizen({ email: null })
    const pages: string[] = []
    for (const owner of [citizen, lonely]) {
      const { page } = await requested(owner)
      pages.push(page.html.replaceAll(/\+7[^<]*/g, '').replaceAll(/name="csrf" value="[^"]*"/g, ''))
    }
    expect(pages[0]).toBe(pages[1])
    expect(pages[0]).not.toMatch(/example\.org|Ветрова|Ольга/)
    expect(await keepLink(citizen)).toContain(`${world.origin}/contact/keep/`)
    expect(mails(citizen)[0]!.text).not.toContain(citizen.phone.slice(2, 8))
    const toPhones = world.sent.filter(({ recipient }) => [citizen.phone, lonely.phone].includes(recipient))
    expect(toPhones.filter(({ text }) => text.includes('/contact/') || text.includes('отвяз'))).toEqual([])
  })

  test('in parallel makes one request and one notice', async () => {
    const citizen = await world.citizen()
    const browser = await clashed(citizen.phone)
    const body = `csrf=${browser.form('/detach').hidden.csrf}`
    const answers = await Promise.all(Array.from({ length: 6 }, () => browser.post('/registration/clash/detach', body)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
    expect(await rows(citizen)).toEqual(['waiting'])
    expect(await typesOf(citizen)).toEqual(['contact.detachment_requested'])
    await keepLink(citizen)
    expect(mails(citizen)).toHaveLength(1)
  })

  test('is refused the fourth time in 30 days, with an explanation', async () => {
    const citizen = await world.citizen()
    for (let time = 1; time <= 3; time++) {
      await requested(citizen)
      await world.house.store.script(`update detachments set state = 'cancelled' where oid = ${citizen.oid}`)
      world.travel(61)
    }
    const browser = await clashed(citizen.phone)
    await browser.submit({}, '/detach')
    expect(world.view).toBe('registration/clash')
    expect(browser.page.status).toBe(429)
    expect(browser.page.html).toContain('уже трижды')
    expect(await rows(citizen)).toHaveLength(3)
    world.travel(30 * DAY)
    await requested(citizen)
    expect(await rows(citizen)).toHaveLength(4)
  })

  test('leaves no number in the table', async () => {
    const citizen = await world.citizen()
    await requested(citizen)
    const { rows: dump } = await sql<{ row: string }>`select detachments::text as row from detachments`.execute(
      world.house.store.db,
    )
    const link = await keepLink(citizen)
    expect(dump.length).toBeGreaterThan(0)
    for (const { row } of dump) {
      expect(row).not.toContain(citizen.phone.slice(2))
      expect(row).not.toContain(link.split('/').at(-1))
    }
  })
})

describe('the link of the notice', () => {
  test('does nothing when it is opened, and keeps the number by its button, once', async () => {
    const citizen = await world.citizen()
    await requested(citizen)
    const link = await keepLink(citizen)
    const owner = world.browser()
    for (let scan = 1; scan <= 3; scan++) await owner.open(link)
    expect(world.view).toBe('accounts/keep')
    expect(await rows(citizen)).toEqual(['waiting'])
    await owner.post(link, '')
    expect(owner.page.status).toBe(403)
    expect(await rows(citizen)).toEqual(['waiting'])
    await owner.open(link)
    const body = `csrf=${owner.form().hidden.csrf}`
    await owner.submit({})
    expect(world.view).toBe('accounts/kept')
    expect(await rows(citizen)).toEqual(['cancelled'])
    expect((await eventsOf(citizen))[0]).toMatchObject({
      type: 'contact.detachment_cancelled',
      fields: { reason: 'objected' },
    })
    await owner.post(link, body)
    expect(world.view).toBe('accounts/keep-gone')
    await threeDaysLater()
    expect(await ownerOf(citizen)).toBe(citizen.oid)
    expect(await typesOf(citizen)).not.toContain('contact.detached')
  })

  test('wrong, of another request, or too late shows one plain page', async () => {
    const citizen = await world.citizen()
    const other = await world.citizen()
    await requested(citizen)
    await requested(other)
    const link = await keepLink(citizen)
    const browser = world.browser()
    await browser.open(link)
    const body = `csrf=${browser.form().hidden.csrf}`
    const gone = async (address: string) => {
      const shown = [await browser.open(address), await browser.post(address, body)]
      return shown.map(({ status, html }) => ({ status, html: html.replaceAll(/return=[^"]*/g, '') }))
    }
    const wrong = await gone(`${link.slice(0, -1)}_`)
    expect(world.view).toBe('accounts/keep-gone')
    expect(wrong[0]!.status).toBe(404)
    expect(await rows(citizen)).toEqual(['waiting'])
    await browser.post(link, body)
    expect(await rows(other)).toEqual(['waiting'])
    expect(await gone(link)).toEqual(wrong)
    await threeDaysLater()
    expect(await rows(other)).toEqual(['done'])
    expect(await gone(await keepLink(other))).toEqual(wrong)
  })
})

describe('when the time has come', () => {
  test('not a second earlier', async () => {
    const citizen = await world.citizen()
    await requested(citizen)
    world.travel(THREE_DAYS - 10)
    await world.house.detachments.detachDue()
    expect(await rows(citizen)).toEqual(['waiting'])
  })

  test('two processes detach once, and tell once', async () => {
    const citizen = await world.citizen()
    await requested(citizen)
    world.travel(THREE_DAYS + 1)
    await Promise.all([world, second, world, second].map(({ house }) => house.detachments.detachDue()))
    await world.house.detachments.detachDue()
    expect(await rows(citizen)).toEqual(['done'])
    expect((await typesOf(citizen)).filter((type) => type === 'contact.detached')).toHaveLength(1)
    const messages = await world.house.store.db
      .selectFrom('messages')
      .select('kind')
      .where('oid', '=', citizen.oid)
      .where('kind', '=', 'contact_detached')
      .execute()
    expect(messages).toHaveLength(1)
  })

  test("the owner's sign-in with a code to the number keeps it; one without does not", async () => {
    const party = await world.relyingParty()
    const holder = await world.citizen()
    const former = await world.citizen()
    await requested(holder)
    await requested(former)
    world.travel(61)
    await signedIn(world, { party, citizen: holder, parameters: { acr_values: 'aal2' } })
    await signedIn(world, { party, citizen: former })
    await threeDaysLater()
    expect(await rows(holder)).toEqual(['cancelled'])
    expect((await eventsOf(holder))[0]).toMatchObject({ fields: { reason: 'signed_in' } })
    expect(await ownerOf(holder)).toBe(holder.oid)
    expect(await rows(former)).toEqual(['done'])
  })

  test('a sign-in with a code before the request keeps nothing', async () => {
    const party = await world.relyingParty()
    const citizen = await world.citizen()
    await signedIn(world, { party, citizen, parameters: { acr_values: 'aal2' } })
    world.travel(61)
    await requested(citizen)
    await threeDaysLater()
    expect(await rows(citizen)).toEqual(['done'])
  })

  test('an account that had nothing but the number lives on without contacts', async () => {
    const citizen = await world.citizen({ email: null })
    await requested(citizen)
    await threeDaysLater()
    const account = await world.house.accounts.read(citizen.oid)
    expect(account).toMatchObject({ oid: citizen.oid, state: 'active' })
    expect([account.phone, account.email]).toEqual([undefined, undefined])
  })
})

describe.each(['postgres', 'pglite'] as const)('the number changes hands on %s', (store) => {
  let house: World
  beforeAll(async () => {
    house = store === 'postgres' ? world : await startWorld({ store })
  })
  afterAll(() => (store === 'pglite' ? house.stop() : undefined))

  test('the new holder registers with it, and the former owner neither signs in by it nor gets its codes', async () => {
    const party = await house.relyingParty()
    const citizen = await house.citizen()
    await requested(citizen, house)
    await house.message(citizen.email, 1)
    await threeDaysLater(house)
    expect((await house.message(citizen.email, 2)).text).toContain('отвязан')
    const [freed] = house.sent.filter(({ recipient }) => recipient === citizen.phone)
    expect(freed!.text).toContain('освободился')

    const newcomer = house.browser()
    await registered(house, newcomer, citizen.phone)
    const newOid = await house.house.accounts.ownerOf('phone', citizen.phone)
    expect(newOid).toBeTypeOf('number')
    expect(newOid).not.toBe(citizen.oid)

    const codes = house.sentTo(citizen.phone)
    const former = house.browser()
    await enter(former, party, citizen)
    expect(house.view).toBe('login/password')
    await enter(former, party, { ...citizen, phone: citizen.email }, { acr_values: 'aal2' })
    expect(house.view).toBe('login/unmet')
    expect(house.sentTo(citizen.phone)).toBe(codes)
  })
})

async function registered(at: World, browser: Browser, phone: string): Promise<void> {
  const before = at.sentTo(phone)
  await browser.open('/registration')
  await browser.submit({})
  await browser.submit({ phone })
  await browser.submit({ code: await at.code(phone, before) })
  await browser.submit({ email: '', skip: 'yes' })
  await browser.submit({ familyName: 'Сомова', givenName: 'Вера', patronymic: '' })
  await browser.submit({ birthDate: '12.04.1991' })
  await browser.submit({ gender: 'female' })
  await browser.submit({ password: 'восемь тихих самоваров' })
  const consent = /name="consent" type="checkbox" value="([^"]*)"/.exec(browser.page.html)?.[1] ?? ''
  await browser.submit({ consent })
  expect(at.view).toBe('registration/done')
}
