import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '#src/kernel/secret.ts'
import { CONSENT_VERSION } from '#src/registration/consent.ts'
import { withContact } from '#src/registration/registration.ts'
import { makeWizard } from '#src/registration/wizard.ts'
import { openStore, type Store } from '#src/store/store.ts'
import { createDatabase } from '#test/setup/database.ts'
import type { TestDatabase } from '#test/setup/template.ts'
import { saying } from '../saying.ts'
import { type Browser, consentOf, finish, PERSON, type Rig, startRig, walkTo } from './rig.ts'

let database: TestDatabase
let store: Store
let rig: Rig
let browser: Browser
let serial = 0

/** A phone and an address that no other test has. */
function newContacts() {
  serial++
  return { phone: `+7 916 ${String(serial).padStart(3, '0')}-00-00`, email: `anna${serial}@example.ru` }
}
const e164 = (phone: string) => `+${phone.replace(/\D/g, '')}`

beforeAll(async () => {
  database = await createDatabase()
  const url = new Secret(database.url)
  store = await openStore({ kind: 'postgres', url, poolSize: 5, connectTimeoutMs: 5000 }, () => {})
})
afterAll(async () => {
  await store.close()
  await database.drop()
})
beforeEach(async () => {
  await store.script('truncate throttles, drafts, codes')
  rig = await startRig(store)
  browser = rig.newBrowser()
})

async function registered(contacts = newContacts()) {
  const owner = rig.newBrowser()
  await walkTo(rig, owner, 'check', contacts)
  await finish(owner)
  expect(owner.location).toBe('/registration/done')
  return contacts
}

test('a person registers, one question per page', async () => {
  const contacts = newContacts()
  await walkTo(rig, browser, 'check', contacts)
  expect(browser.status).toBe(200)
  for (const shown of ['Иванова', 'Анна', 'Петровна', '27 марта 1985', 'Женский', contacts.email]) {
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
  const agreement = await store.db.selectFrom('agreements').selectAll().where('oid', '=', oid).executeTakeFirst()
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
    rig = await startRig(store, { emailRequired: true })
    browser = rig.newBrowser()
    await walkTo(rig, browser, 'email', newContacts())
    expect(browser.html).not.toContain('Пропустить')
    expect((await browser.post('/registration/email', { email: '', skip: 'yes' })).status).toBe(422)
  })
})

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

describe('a contact that an account has', () => {
  test('is told from a free one by nothing until the right code is entered', async () => {
    const taken = await registered()
    rig.pass(86_400)
    const free = newContacts()
    const seen: unknown[] = []
    for (const { phone } of [taken, free]) {
      const visitor = rig.newBrowser()
      await visitor.submit('/registration', {})
      await visitor.post('/registration/phone', { phone })
      const answers = [visitor.status, visitor.location]
      await visitor.open(visitor.location)
      const shown = visitor.html.replaceAll(/name="csrf" value="[^"]*"/g, '').replaceAll(/916[^<]*?00/g, '')
      await visitor.post('/registration/phone-code', { code: '12345' })
      seen.push([...answers, shown, visitor.status, rig.sent[0]!.kind, rig.sent[0]!.oid])
    }
    expect(seen[0]).toEqual(seen[1])
  })

  test.each(['phone', 'email'] as const)(
    '%s: the right code leads to the advice, and the owner is told once a day',
    async (kind) => {
      const taken = await registered()
      const contacts = { ...newContacts(), [kind]: taken[kind] }
      const notices = () => rig.sent.filter((message) => message.kind === 'registration_clash')
      rig.pass(61)
      await walkTo(rig, browser, `${kind}-code`, contacts)
      const recipient = kind === 'phone' ? e164(taken.phone) : taken.email
      await browser.submit(`/registration/${kind}-code`, { code: rig.codeTo(recipient) })
      expect(rig.views[0]).toBe('registration/clash')
      expect(
        notices()
          .map((message) => message.channel)
          .sort(),
      ).toEqual(['mail', 'sms'])
      const oid = (await rig.accounts.ownerOf(kind, recipient))!
      expect((await rig.journal.read(oid, { limit: 1 }))[0]).toMatchObject({
        type: 'registration.clashed',
        fields: { contact: kind },
      })
      // Nothing was confirmed: the wizard asks for another contact.
      expect((await browser.open('/registration/check')).location).toBe('/registration/clash')
      rig.pass(61)
      await browser.submit(`/registration/${kind}`, { [kind]: taken[kind] })
      await browser.submit(`/registration/${kind}-code`, { code: rig.codeTo(recipient) })
      expect(rig.views[0]).toBe('registration/clash')
      expect(notices()).toHaveLength(2)
      await browser.submit(`/registration/${kind}`, { [kind]: newContacts()[kind] })
      expect(rig.views[0]).toBe(`registration/${kind}-code`)
    },
  )

  test('clashes at the end, too, when somebody else was faster', async () => {
    const contacts = newContacts()
    await walkTo(rig, browser, 'check', contacts)
    rig.pass(61)
    await registered(contacts)
    await finish(browser)
    expect(browser.location).toBe('/registration/clash')
    expect(rig.sent.some((message) => message.kind === 'registration_clash')).toBe(true)
  })
})

test('a clash at the end does not pass to the contact that another tab has put in meanwhile', async () => {
  const contacts = newContacts()
  await walkTo(rig, browser, 'check', contacts)
  rig.pass(61)
  await registered(contacts)
  const ticket = browser.agent.jar.getCookie('draft', { path: '/', domain: '127.0.0.1', secure: false, script: false })
  const draft = (await rig.drafts.find(ticket?.value))!
  const victim = e164((await registered()).phone)
  const wizard = makeWizard({
    ...rig,
    clashNotice: {
      prepare: async () => {
        await wizard.answer(draft, (answers) => withContact(answers, 'phone', victim))
        return async () => {}
      },
    },
  })
  expect(await wizard.complete(draft, draft.version, { consentVersion: CONSENT_VERSION, locale: 'ru' })).toEqual({
    ok: false,
    clash: 'phone',
  })
  const { answers } = (await rig.drafts.reload(draft))!
  expect(answers.phone).toEqual({ value: victim, confirmed: false })
  expect(answers.clash).toBeUndefined()
})

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
    for (const shown of ['Мужской', '28 марта 1985', 'Петрова', 'Ольга']) expect(browser.html).toContain(shown)
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
    const dump = JSON.stringify(await store.script('select *, encode(answers, $1) as text from drafts', ['escape']))
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
  expect(browser.html).toContain('27 March 1985')
  expect(browser.html).not.toMatch(/registration\.\w+/)
  await finish(browser)
  expect((await browser.open('/registration/done')).html).toContain('You are registered')
  expect((await browser.open('/registration/consent-text')).html).toContain('Version of the text')
})
