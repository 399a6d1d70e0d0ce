import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CONSENT_VERSION } from '#src/registration/consent.ts'
import { withContact } from '#src/registration/registration.ts'
import { makeWizard } from '#src/registration/wizard.ts'
import type { Browser } from './browser.ts'
import { e164, finish, newContacts, openRegistration, type Registration, type Rig, registered, walkTo } from './rig.ts'

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

describe('a contact that an account has', () => {
  test('is told from a free one by nothing until the right code is entered', async () => {
    const taken = await registered(rig)
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
      const taken = await registered(rig)
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
    await registered(rig, contacts)
    await finish(browser)
    expect(browser.location).toBe('/registration/clash')
    expect(rig.sent.some((message) => message.kind === 'registration_clash')).toBe(true)
  })
})

test('a clash at the end does not pass to the contact that another tab has put in meanwhile', async () => {
  const contacts = newContacts()
  await walkTo(rig, browser, 'check', contacts)
  rig.pass(61)
  await registered(rig, contacts)
  const ticket = browser.agent.jar.getCookie('draft', { path: '/', domain: '127.0.0.1', secure: false, script: false })
  const draft = (await rig.drafts.find(ticket?.value))!
  const victim = e164((await registered(rig)).phone)
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
