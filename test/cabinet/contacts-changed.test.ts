import supertest from 'supertest'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { saying } from '../saying.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import {
  at,
  contactsOf,
  EMAIL,
  enter,
  freshPhone,
  LOST,
  linkTo,
  PHONE,
  proposed,
  startBeside,
} from './changing-contacts.ts'

let world: World
let second: World
let citizen: Citizen

beforeAll(async () => {
  world = await startWorld()
  second = await startBeside(world)
})
beforeEach(async () => {
  world.travel(61)
  citizen = await world.citizen()
})
afterAll(async () => {
  await second.stop()
  await world.stop()
})

describe('with a second factor', () => {
  test('the new number counts at once, and a code that waits at the old one opens nothing any more', async () => {
    const party = await world.relyingParty({ minimum_acr: 'aal2' })
    const phone = freshPhone()
    const browser = await proposed(world, citizen, 'phone', phone)
    world.travel(61)
    const intruder = world.browser()
    const before = world.sentTo(citizen.phone)
    await intruder.open(party.authorizationUrl())
    await intruder.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    const code = await world.code(citizen.phone, before)
    await browser.submit({ code: await world.code(phone) }, '/code')
    expect(browser.page.html).toMatch(saying('contacts.done.changed'))
    expect(await contactsOf(world, citizen)).toEqual({ phone, email: citizen.email })
    await intruder.submit({ code }, '/factor/code')
    expect(world.view).toBe('login/code')
    for (const to of [citizen.email, phone])
      expect(new URL(await linkTo(world, to, 'not-me')).origin).toBe(world.origin)
  })

  test('of two sendings of the same code one counts, through two processes', async () => {
    const phone = freshPhone()
    const browser = await proposed(world, citizen, 'phone', phone)
    const code = await world.code(phone)
    const { hidden } = browser.form('/code')
    const body = new URLSearchParams({ ...hidden, code }).toString()
    const cookies = browser.cookies().map((cookie) => cookie.split(';', 1)[0])
    const send = ({ listens }: World) =>
      supertest(listens)
        .post(`${PHONE}/code`)
        .set({ Origin: world.origin, 'Sec-Fetch-Site': 'same-origin', Cookie: cookies.join('; ') })
        .type('form')
        .send(body)
    const answers = await Promise.all([world, second, world, second].map(send))
    expect(answers.filter(({ headers }) => headers.location === `${PHONE}?done=changed`)).toHaveLength(1)
    const events = (await world.journal(citizen.oid)).filter(({ type }) => type === 'contact.changed')
    expect(events).toHaveLength(1)
    expect((await contactsOf(world, citizen)).phone).toBe(phone)
  })

  test('an e-mail is added, changed and removed', async () => {
    const lonely = await world.citizen({ email: null })
    const [first, next] = ['first.one@example.org', 'next.one@example.org']
    const browser = await proposed(world, lonely, 'email', first.toUpperCase())
    await enter(world, browser, first)
    expect((await contactsOf(world, lonely)).email).toBe(first)
    await browser.submit({ email: next }, '/email')
    await enter(world, browser, next)
    expect((await contactsOf(world, lonely)).email).toBe(next)
    await browser.open(EMAIL)
    await browser.submit({}, '/remove')
    expect(browser.page.html).toMatch(saying('contacts.done.removed'))
    expect(await contactsOf(world, lonely)).toEqual({ phone: lonely.phone, email: undefined })
    const { hidden } = browser.form('/email')
    await browser.post(`${EMAIL}/remove`, new URLSearchParams(hidden).toString())
    expect(browser.page.status).toBeLessThan(500)
  })

  test('the code is sent again after a minute, and the former one does not work', async () => {
    const phone = freshPhone()
    const browser = await proposed(world, citizen, 'phone', phone)
    const former = await world.code(phone)
    await browser.submit({}, '/again')
    expect(browser.page.errors[0]).toMatch(/./)
    expect(world.sentTo(phone)).toBe(1)
    world.travel(61)
    await browser.submit({}, '/again')
    const code = await world.code(phone, 1)
    if (code !== former) {
      await browser.submit({ code: former }, '/code')
      expect((await contactsOf(world, citizen)).phone).toBe(citizen.phone)
    }
    await browser.submit({ code }, '/code')
    expect((await contactsOf(world, citizen)).phone).toBe(phone)
  })
})

describe('without one', () => {
  async function mailOnly(): Promise<Citizen> {
    const person = await world.citizen()
    await world.house.store.tx((tx) => world.house.accounts.release(tx, person.oid, 'phone', person.phone))
    return { ...person, phone: '' }
  }

  test('an account with an e-mail only gets its phone after 72 hours, and can stop that by the link', async () => {
    const person = await mailOnly()
    const phone = freshPhone()
    const browser = await proposed(world, person, 'phone', phone)
    expect(browser.page.html).toMatch(saying('contacts.weak'))
    await enter(world, browser, phone)
    expect(browser.page.html).toMatch(saying('contacts.done.waits'))
    expect((await contactsOf(world, person)).phone).toBeUndefined()
    const link = await linkTo(world, person.email, 'changes')
    expect(new URL(link).origin).toBe(world.origin)
    const scanner = world.browser()
    for (let scan = 0; scan < 3; scan++) await scanner.open(link)
    expect(world.view).toBe('accounts/change')
    expect(await world.house.delayedChanges.waiting(person.oid)).toHaveLength(1)
    await scanner.post(link, '')
    expect(scanner.page.status).toBe(403)
    await scanner.open(link)
    await scanner.submit({})
    expect(world.view).toBe('accounts/change-stopped')
    await scanner.open(link)
    const old = [scanner.page.status, scanner.page.title]
    await scanner.open(`/changes/${'x'.repeat(43)}`)
    expect([scanner.page.status, scanner.page.title]).toEqual(old)
    world.travel(72 * 3600)
    await second.house.delayedChanges.applyDue()
    expect((await contactsOf(world, person)).phone).toBeUndefined()
  })

  test('what waits is on the page, stands in the way of another one, and its owner stops it there', async () => {
    const person = await mailOnly()
    const phone = freshPhone()
    const browser = await proposed(world, person, 'phone', phone)
    await enter(world, browser, phone)
    await browser.open(PHONE)
    const { hidden } = browser.form('/stop')
    const stranger = await at(world, PHONE, await mailOnly())
    const stolen = { ...stranger.form('/phone').hidden, id: hidden.id! }
    await stranger.post(`${PHONE}/stop`, new URLSearchParams(stolen).toString())
    expect(stranger.page.status).toBe(404)
    expect(await world.house.delayedChanges.waiting(person.oid)).toHaveLength(1)
    await browser.submit({}, '/stop')
    expect(browser.page.html).toMatch(saying('contacts.done.stopped'))
    expect(await world.house.delayedChanges.waiting(person.oid)).toEqual([])
  })

  test('whoever has lost the phone changes it with the password, after 72 hours in which the old one can object', async () => {
    const phone = freshPhone()
    const browser = world.browser()
    await browser.open('/account')
    await browser.submit({ identifier: citizen.email, password: citizen.password }, '/identify')
    // Said where no code to the lost phone is asked for.
    expect(world.view).toBe('cabinet/home')
    expect(browser.page.html).toContain(`href="${LOST}"`)
    await browser.open(LOST)
    expect(world.view).toBe('cabinet/contact')
    await browser.submit({ phone }, '/lost-phone')
    await enter(world, browser, phone)
    expect(browser.page.html).toMatch(saying('contacts.done.waits'))
    expect((await contactsOf(world, citizen)).phone).toBe(citizen.phone)
    await linkTo(world, citizen.phone, 'changes')
    await browser.open(LOST)
    expect(browser.page.html).not.toContain(`${LOST}/stop`)
    world.travel(72 * 3600)
    await second.house.delayedChanges.applyDue()
    expect((await contactsOf(world, citizen)).phone).toBe(phone)
  })

  test('that way needs a sign-in of the last five minutes', async () => {
    const browser = world.browser()
    await browser.open('/account')
    await browser.submit({ identifier: citizen.email, password: citizen.password }, '/identify')
    world.travel(301)
    await browser.open(LOST)
    expect(world.view).toBe('login/password')
  })
})
