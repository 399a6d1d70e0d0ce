import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from './browser.ts'
import { e164, finish, newContacts, openRegistration, PERSON, type Registration, type Rig, walkTo } from './rig.ts'

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

test('a person registers, one question per page', async () => {
  const contacts = newContacts()
  await walkTo(rig, browser, 'check', contacts)
  expect(browser.status).toBe(200)
  for (const shown of ['Иванова', 'Анна', 'Петровна', '27.03.1985', 'Женский', contacts.email]) {
    expect(browser.html).toContain(shown)
  }
  expect(browser.html).not.toContain(PERSON.password)
  await finish(browser)
  await browser.open(browser.location)
  const oid = (await rig.accounts.ownerOf('phone', e164(contacts.phone)))!
  expect(browser.html).toContain(String(oid))
  expect(await rig.accounts.read(oid)).toMatchObject({
    state: 'active',
    person: { familyName: 'Иванова', birthDate: '1985-03-27', gender: 'female' },
    email: contacts.email,
  })
  expect(await rig.passwords.matches(oid, PERSON.password)).toBe(true)
  const agreement = await rig.store.db.selectFrom('agreements').selectAll().where('oid', '=', oid).executeTakeFirst()
  expect(agreement).toMatchObject({ kind: 'personal_data', version: '2026-11-22' })
  expect((await rig.journal.read(oid, { limit: 10 })).map(({ type }) => type)).toEqual(['account.registered'])
})

describe('steps', () => {
  test('none is skipped by an empty POST, nor by opening a later page', async () => {
    const contacts = newContacts()
    await walkTo(rig, browser, 'birth-date', contacts)
    for (const step of ['gender', 'password', 'check']) {
      expect((await browser.open(`/registration/${step}`)).location).toBe('/registration/birth-date')
      expect((await browser.post(`/registration/${step}`, {})).location).toBe('/registration/birth-date')
    }
    await browser.post('/registration/password', { password: PERSON.password })
    expect(browser.location).toBe('/registration/birth-date')
    expect((await browser.post('/registration/birth-date', {})).status).toBe(422)
  })

  test.each(['phone', 'phone-code', 'email', 'email-code', 'name', 'birth-date', 'gender', 'password'] as const)(
    '%s refuses an empty form beside the field and in the summary',
    async (step) => {
      await walkTo(rig, browser, step, newContacts())
      await browser.post(`/registration/${step}`, {})
      expect(browser.status).toBe(422)
      expect(rig.views[0]).toBe(`registration/${step}`)
      expect(browser.html).toContain('<title>Ошибка: ')
      expect(browser.html).toContain('govuk-error-summary')
      expect(browser.html).toContain('govuk-error-message')
      expect((await browser.open(`/registration/${step}`)).status).toBe(200)
    },
  )

  test('the consent is not taken for granted, nor a version of its text that was not shown', async () => {
    await walkTo(rig, browser, 'check', newContacts())
    const version = browser.hidden('version')
    for (const consent of ['', 'yes', '2020-01-01']) {
      expect((await browser.post('/registration/check', { version, consent })).status).toBe(422)
    }
    expect((await browser.post('/registration/check', {})).status).toBe(422)
  })

  test('what was typed comes back, escaped; a password never does', async () => {
    await walkTo(rig, browser, 'name', newContacts())
    await browser.post('/registration/name', { familyName: '"><b>', givenName: 'Анна' })
    expect(browser.html).toContain('&quot;&gt;&lt;b&gt;')
    expect(browser.html).toContain('value="Анна"')
    await walkTo(rig, browser, 'password', newContacts())
    await browser.post('/registration/password', { password: 'йцукен' })
    expect(browser.html).not.toContain('йцукен')
  })

  test.each([
    ['name', { familyName: 'Иванова', givenName: 'Anna' }, 'разными алфавитами'],
    ['name', { familyName: 'Ивaнова', givenName: 'Анна' }, 'смешаны'],
    ['name', { familyName: 'я'.repeat(1000), givenName: 'Анна' }, 'длиннее 100'],
    ['birth-date', { birthDate: '02.03.2012' }, 'с 14 лет'],
    ['password', { password: 'тихая Иванова в ложке' }, 'ваше имя'],
    ['password', { password: 'a'.repeat(1000) }, 'длиннее 128'],
  ] as const)('%s refuses %#', async (step, fields, text) => {
    await walkTo(rig, browser, step, newContacts())
    await browser.post(`/registration/${step}`, fields)
    expect(browser.status).toBe(422)
    expect(browser.html).toContain(text)
  })

  test('the link "Change" leads back to the answers, and asks again what depends on the change', async () => {
    await walkTo(rig, browser, 'check', newContacts())
    await browser.post('/registration/gender', { gender: 'male' })
    expect(browser.location).toBe('/registration/check')
    await browser.post('/registration/name', { familyName: 'Петрова', givenName: 'Анна' })
    expect(browser.location).toBe('/registration/password')
    await browser.post('/registration/password', { password: PERSON.password })
    expect(browser.location).toBe('/registration/check')
  })

  test('e-mail can be skipped, unless it is required', async () => {
    await walkTo(rig, browser, 'email', newContacts())
    await browser.post('/registration/email', { email: '', skip: 'yes' })
    expect(browser.location).toBe('/registration/name')
    ;({ rig, browser } = await registration.begin({ emailRequired: true }))
    await walkTo(rig, browser, 'email', newContacts())
    expect(browser.html).not.toContain('Пропустить')
    expect((await browser.post('/registration/email', { email: '', skip: 'yes' })).status).toBe(422)
  })
})

describe('a registration from a sign-in', () => {
  test('goes back to it, which learns once who registered', async () => {
    const contacts = newContacts()
    await browser.open('/login/u1/registration')
    expect(browser.location).toBe('/registration/phone')
    // Starting over keeps the sign-in.
    await walkTo(rig, browser, 'check', contacts)
    await finish(browser)
    expect(browser.location).toBe('/login/u1/registered')
    const oid = await rig.accounts.ownerOf('phone', e164(contacts.phone))
    expect((await browser.open('/login/u2/registered')).html).toBe('')
    const answers = await Promise.all([
      browser.agent.get('/login/u1/registered'),
      browser.agent.get('/login/u1/registered'),
    ])
    const told = answers.map(({ body }) => body).filter(({ oid: account }) => account !== undefined)
    expect(told).toEqual([{ oid, factors: ['password', 'code'] }])
  })

  test('says nothing of an account before it is finished', async () => {
    await browser.open('/login/u1/registration')
    expect((await browser.open('/login/u1/registered')).html).toBe('')
    expect((await browser.open('/registration/done')).location).toBe('/registration')
  })
})

test('the pages speak English, too', async () => {
  await browser.open('/language/en?return=/registration')
  await walkTo(rig, browser, 'check', newContacts())
  expect(browser.html).toContain('27.03.1985')
  expect(browser.html).not.toMatch(/registration\.\w+/)
  await finish(browser)
  expect((await browser.open('/registration/done')).html).toContain('You are registered')
  expect((await browser.open('/registration/consent-text')).html).toContain('Version of the text')
})
