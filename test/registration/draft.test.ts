import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from './browser.ts'
import {
  consentOf,
  e164,
  finish,
  newContacts,
  openRegistration,
  PERSON,
  type Registration,
  type Rig,
  walkTo,
} from './rig.ts'

let registration: Registration
let rig: Rig
let browser: Browser
beforeAll(async () => {
  registration = await openRegistration()
})
beforeEach(async () => {
  ;({ rig, browser } = await registration.begin())
})
afterAll(() => registration.close())

describe('the draft', () => {
  test('of two tabs loses nothing', async () => {
    await walkTo(rig, browser, 'check', newContacts())
    await Promise.all([
      browser.agent
        .post('/registration/gender')
        .type('form')
        .send({ csrf: browser.hidden('csrf'), gender: 'male' }),
      browser.agent
        .post('/registration/birth-date')
        .type('form')
        .send({ csrf: browser.hidden('csrf'), birthDate: '28.03.1985' }),
      browser.agent
        .post('/registration/name')
        .type('form')
        .send({ csrf: browser.hidden('csrf'), familyName: 'Петрова', givenName: 'Ольга' }),
    ])
    await browser.submit('/registration/password', { password: PERSON.password })
    for (const shown of ['Мужской', '28.03.1985', 'Петрова', 'Ольга']) expect(browser.html).toContain(shown)
  })

  test('changed in another tab is shown for another check before it is sent', async () => {
    await walkTo(rig, browser, 'check', newContacts())
    const seen = { version: browser.hidden('version'), consent: consentOf(browser) }
    await browser.post('/registration/gender', { gender: 'male' })
    await browser.post('/registration/check', seen)
    expect(browser.status).toBe(422)
    expect(browser.html).toContain('Мужской')
    await finish(browser)
    expect(browser.location).toBe('/registration/done')
  })

  test('makes one account, however often the button is pressed', async () => {
    const before = await rig.count('accounts')
    await walkTo(rig, browser, 'check', newContacts())
    const fields = { csrf: browser.hidden('csrf'), version: browser.hidden('version'), consent: consentOf(browser) }
    const press = () => browser.agent.post('/registration/check').type('form').send(fields)
    const answers = await Promise.all([press(), press(), press(), press()])
    expect(answers.map(({ headers }) => headers.location)).toEqual(Array(4).fill('/registration/done'))
    expect(await rig.count('accounts')).toBe(before + 1)
    expect(await rig.count('passwords')).toBe(before + 1)
  })

  test('two people with one phone at once: one account', async () => {
    const before = await rig.count('accounts')
    const contacts = newContacts()
    const other = rig.newBrowser()
    await walkTo(rig, browser, 'check', contacts)
    rig.pass(61)
    await walkTo(rig, other, 'check', contacts)
    await Promise.all([finish(browser), finish(other)])
    expect([browser.location, other.location].sort()).toEqual(['/registration/clash', '/registration/done'])
    expect(await rig.count('accounts')).toBe(before + 1)
  })

  test('lives a day', async () => {
    await walkTo(rig, browser, 'name', newContacts())
    rig.pass(24 * 3600)
    expect((await browser.open('/registration/name')).location).toBe('/registration')
    expect((await browser.post('/registration/name', PERSON.names)).location).toBe('/registration')
    expect((await browser.open('/registration')).html).toContain('прошло больше суток')
  })

  test('of a foreign or malformed cookie is nobody’s', async () => {
    await walkTo(rig, browser, 'name', newContacts())
    for (const ticket of ['x'.repeat(43), "' or 1=1 --", '%00', 'x'.repeat(3000)]) {
      const stranger = rig.newBrowser()
      const answer = await stranger.agent.get('/registration/name').set('Cookie', `draft=${ticket}`)
      expect(answer.status).toBe(303)
      expect(answer.headers.location).toBe('/registration')
    }
  })

  test('keeps nothing readable in the database', async () => {
    const contacts = newContacts()
    await walkTo(rig, browser, 'check', contacts)
    const dump = JSON.stringify(await rig.store.script('select *, encode(answers, $1) as text from drafts', ['escape']))
    for (const marker of ['Иванова', contacts.email, e164(contacts.phone), '1985', 'argon2']) {
      expect(dump).not.toContain(marker)
    }
  })

  test('can be thrown away and begun again', async () => {
    await walkTo(rig, browser, 'name', newContacts())
    expect((await browser.open('/registration')).html).toContain('/registration/name')
    await browser.submit('/registration', {})
    expect(rig.views[0]).toBe('registration/phone')
    expect(await rig.count('drafts')).toBe(1)
  })

  test('too many from one network wait', async () => {
    for (let n = 0; n < 60; n++) await rig.newBrowser().post('/registration', {})
    await browser.post('/registration', {})
    expect(browser.status).toBe(429)
    expect(browser.html).toContain('слишком много регистраций')
  })
})
