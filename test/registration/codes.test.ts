import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { saying } from '../saying.ts'
import type { Browser } from './browser.ts'
import { e164, newContacts, openRegistration, type Registration, type Rig, walkTo } from './rig.ts'

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

describe('codes', () => {
  test('a changed phone needs a code of its own: the one sent to the first phone does not confirm the second', async () => {
    const [first, second] = [newContacts(), newContacts()]
    await walkTo(rig, browser, 'phone-code', first)
    const code = rig.codeTo(e164(first.phone))
    await browser.post('/registration/phone', { phone: second.phone })
    expect(browser.location).toBe('/registration/phone-code')
    expect((await browser.post('/registration/phone-code', { code })).status).toBe(422)
    expect((await browser.open('/registration/email')).location).toBe('/registration/phone-code')
    await browser.post('/registration/phone-code', { code: rig.codeTo(e164(second.phone)) })
    expect(browser.location).toBe('/registration/email')
  })

  test('a code works once', async () => {
    const contacts = newContacts()
    await walkTo(rig, browser, 'email', contacts)
    const code = rig.codeTo(e164(contacts.phone))
    expect((await browser.post('/registration/phone-code', { code })).location).toBe('/registration/email')
    // Away and back: the phone is unconfirmed again, its code is spent.
    await browser.post('/registration/phone', { phone: newContacts().phone })
    rig.pass(61)
    await browser.post('/registration/phone', { phone: contacts.phone })
    expect((await browser.post('/registration/phone-code', { code })).status).toBe(422)
  })

  test('a code of another registration is of no use', async () => {
    const [ours, theirs] = [newContacts(), newContacts()]
    const stranger = rig.newBrowser()
    await walkTo(rig, stranger, 'phone-code', theirs)
    await walkTo(rig, browser, 'phone-code', ours)
    expect((await browser.post('/registration/phone-code', { code: rig.codeTo(e164(theirs.phone)) })).status).toBe(422)
  })

  test('five wrong tries end it, and the right code no longer helps', async () => {
    const contacts = newContacts()
    await walkTo(rig, browser, 'phone-code', contacts)
    const code = rig.codeTo(e164(contacts.phone))
    const wrong = code === '000000' ? '000001' : '000000'
    for (let attempt = 0; attempt < 5; attempt++) await browser.post('/registration/phone-code', { code: wrong })
    expect((await browser.post('/registration/phone-code', { code })).status).toBe(422)
  })

  test('a new one is sent after a minute, not before; going back for the same number sends none', async () => {
    const contacts = newContacts()
    await walkTo(rig, browser, 'phone-code', contacts)
    expect(browser.html).toMatch(saying('registration.wait', { count: 60 }))
    const sent = rig.sent.length
    expect((await browser.post('/registration/phone-code/again', {})).status).toBe(422)
    await browser.submit('/registration/phone', { phone: contacts.phone })
    expect(rig.views[0]).toBe('registration/phone-code')
    expect(rig.sent.length).toBe(sent)
    rig.pass(60)
    await browser.submit('/registration/phone-code/again', {})
    expect(rig.sent.length).toBe(sent + 1)
    expect(browser.html).toContain('Мы отправили новый код')
  })

  test('asked for again too early, however often, still come after the minute', async () => {
    await walkTo(rig, browser, 'phone-code', newContacts())
    for (let click = 0; click < 12; click++) await browser.post('/registration/phone-code/again', {})
    const sent = rig.sent.length
    rig.pass(60)
    expect((await browser.post('/registration/phone-code/again', {})).status).toBe(303)
    expect(rig.sent.length).toBe(sent + 1)
  })

  test('are sent to a few contacts of one registration, not to a whole directory', async () => {
    await browser.submit('/registration', {})
    for (let contact = 0; contact < 8; contact++) {
      await browser.post('/registration/phone', { phone: newContacts().phone })
      expect(browser.location).toBe('/registration/phone-code')
    }
    const sent = rig.sent.length
    expect((await browser.post('/registration/phone', { phone: newContacts().phone })).status).toBe(422)
    expect(browser.html).toContain('слишком много номеров')
    expect(rig.sent.length).toBe(sent)
  })

  test('five minutes later it is too late', async () => {
    const contacts = newContacts()
    await walkTo(rig, browser, 'phone-code', contacts)
    rig.pass(301)
    await browser.post('/registration/phone-code', { code: rig.codeTo(e164(contacts.phone)) })
    expect(browser.status).toBe(422)
  })
})
