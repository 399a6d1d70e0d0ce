import { beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import { saying } from '../saying.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { at, contactsOf, EMAIL, enter, freshPhone, PHONE, proposed } from './changing-contacts.ts'

const world = worldOfFile()
let citizen: Citizen

beforeEach(async () => {
  world.travel(61)
  citizen = await world.citizen()
})

const proposals = ({ oid }: Citizen) =>
  world.house.store.db.selectFrom('contact_proposals').selectAll().where('oid', '=', oid).execute()
const pathOf = (browser: Browser) => new URL(browser.page.url).pathname

describe('is refused:', () => {
  test.each([PHONE, EMAIL])('%s to whoever brings the password alone', async (path) => {
    const browser = world.browser()
    await browser.open('/account')
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    expect(pathOf(browser)).toBe('/account')
    await browser.open(path)
    expect(world.view).toBe('login/code')
    await browser.post(path, '')
    expect(world.view).not.toBe('cabinet/contact-code')
    expect(await proposals(citizen)).toEqual([])
  })

  test('a form that is sent five minutes after the sign-in, whose typed value is still there after the next one', async () => {
    const browser = await at(world, PHONE, citizen)
    world.travel(301)
    const phone = freshPhone()
    await browser.submit({ phone }, '/phone')
    expect(world.view).toBe('login/password')
    expect(await proposals(citizen)).toEqual([])
    const before = world.sentTo(citizen.phone)
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    if (world.view === 'login/code')
      await browser.submit({ code: await world.code(citizen.phone, before) }, '/factor/code')
    expect(pathOf(browser)).toBe(PHONE)
    expect(browser.page.html).toContain(`value="${phone}"`)
  })

  test('a form without its token, and one from elsewhere', async () => {
    const browser = await proposed(world, citizen, 'phone', freshPhone())
    for (const path of [PHONE, `${PHONE}/code`, `${PHONE}/code/again`, `${EMAIL}/remove`, `${PHONE}/stop`]) {
      await browser.post(path, 'code=123456')
      expect(browser.page.status, path).toBe(403)
    }
  })

  test.each([
    ['', 'fields.phone_missing'],
    ['12', 'fields.phone_format'],
  ])('the number %j', async (phone, key) => {
    const browser = await at(world, PHONE, citizen)
    await browser.submit({ phone }, '/phone')
    expect(browser.page.status).toBe(422)
    expect(browser.page.errors[0]).toMatch(saying(key))
  })

  test('the number that the account has', async () => {
    const browser = await at(world, PHONE, citizen)
    await browser.submit({ phone: citizen.phone }, '/phone')
    expect(browser.page.errors[0]).toMatch(saying('contact.same'))
  })

  test('a wrong code; the fifth was the last', async () => {
    const phone = freshPhone()
    const browser = await proposed(world, citizen, 'phone', phone)
    const code = await world.code(phone)
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0')
    for (let left = 4; left > 0; left--) {
      await browser.submit({ code: wrong }, '/code')
      expect(browser.page.errors[0]).toMatch(saying('code.wrong', { left }))
    }
    await browser.submit({ code: wrong }, '/code')
    await browser.submit({ code }, '/code')
    expect(browser.page.status).toBe(422)
    expect((await contactsOf(world, citizen)).phone).toBe(citizen.phone)
  })

  test('the code of one contact for another one, and in another session of the same person', async () => {
    const [first, next] = [freshPhone(), freshPhone()]
    const browser = await proposed(world, citizen, 'phone', first)
    const code = await world.code(first)
    world.travel(61)
    const elsewhere = await at(world, PHONE, citizen)
    await elsewhere.open(`${PHONE}/code`)
    expect(pathOf(elsewhere)).toBe(PHONE)
    const { hidden } = elsewhere.form('/phone')
    await elsewhere.post(`${PHONE}/code`, new URLSearchParams({ ...hidden, code }).toString())
    expect(pathOf(elsewhere)).toBe(PHONE)
    await browser.open(PHONE)
    await browser.submit({ phone: next }, '/phone')
    await world.code(next)
    await browser.submit({ code }, '/code')
    expect(browser.page.status).toBe(422)
    expect((await contactsOf(world, citizen)).phone).toBe(citizen.phone)
  })

  test('a code for the account by a code that went to the new contact', async () => {
    const phone = freshPhone()
    await proposed(world, citizen, 'phone', phone)
    const browser = world.browser()
    await browser.open('/account')
    await browser.submit({ identifier: phone, password: citizen.password }, '/identify')
    expect(browser.page.errors[0]).toMatch(saying('sign_in.wrong'))
  })
})

describe('a number that another account has', () => {
  test('looks like any other until its code is entered; then its holder is told, and nobody is named', async () => {
    const holder = await world.citizen()
    const free = freshPhone()
    const pages: string[] = []
    for (const phone of [free, holder.phone]) {
      const person = await world.citizen()
      const browser = await proposed(world, person, 'phone', phone)
      const bare = (html: string) =>
        html
          .replaceAll(/\+7[\s\u00a0\d-]+/g, '')
          .replaceAll(/name="csrf" value="[^"]*"/g, '')
          .replaceAll(String(person.oid), '')
          .replaceAll(/[A-Z0-9]{8}/g, '')
      pages.push(`${browser.page.status} ${bare(browser.page.html)}`)
    }
    expect(pages[1]).toBe(pages[0])
    world.travel(61)
    const browser = await proposed(world, citizen, 'phone', holder.phone)
    const told = world.sentTo(holder.email)
    await enter(world, browser, holder.phone, 1)
    expect(world.view).toBe('cabinet/contact-clash')
    expect(browser.page.html).not.toContain(holder.email)
    expect((await contactsOf(world, citizen)).phone).toBe(citizen.phone)
    expect(await world.house.accounts.ownerOf('phone', holder.phone)).toBe(holder.oid)
    await world.message(holder.email, told)
    expect((await world.journal(holder.oid)).map(({ type }) => type)).toContain('contact.clashed')
  })

  test('can be asked for by whoever has entered its code, and by nobody else', async () => {
    const holder = await world.citizen()
    const rows = () =>
      world.house.store.db.selectFrom('detachments').selectAll().where('oid', '=', holder.oid).execute()
    const browser = await proposed(world, citizen, 'phone', holder.phone)
    const { hidden } = browser.form('/code')
    await browser.post(`${PHONE}/clash/detach`, new URLSearchParams(hidden).toString())
    expect(await rows()).toEqual([])
    await browser.open(`${PHONE}/code`)
    await enter(world, browser, holder.phone)
    await browser.submit({}, '/detach')
    expect(world.view).toBe('cabinet/contact-clash')
    expect(await rows()).toHaveLength(1)
    world.travel(72 * 3600 + 1)
    await world.house.detachments.detachDue()
    const again = await at(world, PHONE, citizen)
    await again.submit({ phone: holder.phone }, '/phone')
    // The code that the number was asked for with has long expired.
    await world.message(holder.phone, 3)
    await enter(world, again, holder.phone, 1)
    expect((await contactsOf(world, citizen)).phone).toBe(holder.phone)
  })
})
