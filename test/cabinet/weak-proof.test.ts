import { beforeEach, describe, expect, test } from 'vitest'
import type { DelayedChange } from '#src/accounts/delayed-changes.ts'
import { wordedMoment } from '#src/kernel/locale.ts'
import { addApp, addRecoveryCodes, appCode, forge } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import { saying } from '../saying.ts'
import { type Citizen, worldOfFile } from '../world.ts'

const world = worldOfFile()
let citizen: Citizen
beforeEach(async () => {
  citizen = await world.citizen()
})

const list = () => world.house.authenticators.list(citizen.oid)
const waiting = async () => (await world.house.delayedChanges.waiting(citizen.oid)).map(({ kind }) => kind)

async function lose(...contacts: ('phone' | 'email')[]): Promise<void> {
  const { accounts, store } = world.house
  for (const kind of contacts) await store.tx((tx) => accounts.release(tx, citizen.oid, kind, citizen[kind]))
}

/** In the cabinet with the password, which was typed while the account still had a contact. */
async function byPassword(path: string, browser = world.browser()): Promise<Browser> {
  await browser.open(path)
  await browser.submit({ identifier: citizen.email, password: citizen.password }, '/identify')
  return browser
}

describe('of an account with an e-mail and no phone', () => {
  const pages = ['/security/add/totp', '/security/add/webauthn', '/security/password', '/account/contacts/phone']

  test.each(pages)('the password alone does not open %s, a code by mail beside it does', async (path) => {
    await lose('phone')
    const browser = await byPassword(path)
    expect(world.view).toBe('login/code')
    await forge(browser, path, { password: 'совсем другой длинный пароль', code: '000000' })
    expect(world.view).toBe('login/code')
    await browser.submit({ code: await world.code(citizen.email) }, '/factor/code')
    expect(new URL(browser.page.url).pathname).toBe(path)
    expect(browser.page.status).toBe(200)
  })

  test('a contact is still changed after 72 hours only', async () => {
    await lose('phone')
    const browser = await byPassword('/account/contacts/phone')
    await browser.submit({ code: await world.code(citizen.email) }, '/factor/code')
    expect(browser.page.html).toMatch(saying('contacts.weak'))
  })
})

describe('of an account that only its password opens', () => {
  /** A browser in its cabinet. */
  async function alone(): Promise<Browser> {
    const browser = world.browser()
    await lose('phone')
    await byPassword('/account', browser)
    await lose('email')
    return browser
  }

  test.each(['/security/add/totp', '/security/password'])('nothing is changed at %s', async (path) => {
    const browser = await alone()
    await browser.open(path)
    expect(browser.page.status).toBe(403)
    expect(browser.page.html).toMatch(saying('cabinet.one_proof'))
    await browser.open('/account/contacts/email')
    await forge(browser, path, { password: 'совсем другой длинный пароль', code: '000000' })
    expect(browser.page.status).toBe(403)
  })

  test('it is told what to add, with the link there, and led back to where it was once that counts', async () => {
    const browser = await alone()
    await browser.open('/security/password')
    for (const kind of ['phone', 'email']) expect(browser.page.html).toContain(`href="/account/contacts/${kind}"`)
    expect(browser.page.html).not.toMatch(saying('cabinet.unfinished'))
    await browser.open('/account/contacts/email')
    expect(browser.page.html).toMatch(saying('cabinet.unfinished'))
    const email = `${citizen.oid}@example.org`
    await browser.submit({ email }, '/email')
    await browser.submit({ code: await world.code(email) }, '/code')
    world.travel(72 * 3600 + 1)
    await world.house.delayedChanges.applyDue()
    citizen = { ...citizen, email }
    const later = await byPassword('/account', browser)
    expect(later.page.html).toContain('href="/security/password"')
    expect(later.page.html).toMatch(saying('cabinet.unfinished'))
    const before = world.sentTo(email)
    await later.open('/security/password')
    await later.submit({ code: await world.code(email, before) }, '/factor/code')
    expect(world.view).toBe('cabinet/password')
    await later.open('/account')
    expect(later.page.html).not.toMatch(saying('cabinet.unfinished'))
  })

  test('somebody else in the same browser is not led there', async () => {
    const browser = await alone()
    await browser.open('/security/password')
    await browser.open('/sign-out')
    await browser.submit({ where: 'here' }, '/sign-out')
    citizen = await world.citizen()
    await byPassword('/account', browser)
    expect(browser.page.html).not.toMatch(saying('cabinet.unfinished'))
  })

  test('a contact is added after 72 hours', async () => {
    const browser = await alone()
    await browser.open('/account/contacts/email')
    expect(browser.page.html).toMatch(saying('contacts.weak'))
    const email = `${citizen.oid}@example.org`
    await browser.submit({ email }, '/email')
    await browser.submit({ code: await world.code(email) }, '/code')
    expect(await waiting()).toEqual(['contact.change'])
    expect((await world.house.accounts.read(citizen.oid)).email).toBeUndefined()
  })
})

describe('with a recovery code beside the password', () => {
  let codes: string[]
  let secret: string
  let app: string
  beforeEach(async () => {
    const owner = world.browser()
    secret = await addApp(world, citizen, owner)
    codes = await addRecoveryCodes(world, citizen, owner)
    app = (await list()).find(({ kind }) => kind === 'totp')!.id
  })

  /** At a page of the cabinet that was asked for. */
  async function rescued(path: string): Promise<Browser> {
    const browser = world.browser()
    await browser.open(path)
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    await browser.open(`${browser.page.url.split('?')[0]}?with=recovery_code`)
    if (world.view === 'factors/recovery-codes/code')
      await browser.submit({ code: codes.pop()! }, '/factor/recovery_code')
    return browser
  }

  test.each(['totp', 'recovery_code'])(
    '%s is not removed at once, but after 72 hours that its owner can stop',
    async (kind) => {
      const before = world.sentTo(citizen.email)
      const { id } = (await list()).find((one) => one.kind === kind)!
      const browser = await rescued(`/security/${kind}/${id}/remove`)
      expect(browser.page.html).toMatch(saying('security.remove_weak'))
      await browser.submit({}, '/remove')
      expect(browser.page.html).toMatch(saying('security.done_asked'))
      expect([await waiting(), (await list()).some((one) => one.id === id)]).toEqual([['authenticator.remove'], true])
      await browser.open(`/security/${kind}/${id}/remove`)
      const [{ dueAt }] = (await world.house.delayedChanges.waiting(citizen.oid)) as [DelayedChange]
      expect(browser.page.html).toMatch(saying('security.removal_waits', { date: wordedMoment(dueAt, 'ru') }))
      await forge(browser, `/security/${kind}/${id}/remove`)
      expect([browser.page.status, await waiting()]).toEqual([409, ['authenticator.remove']])
      await world.message(citizen.email, before)
      world.travel(72 * 3600 + 1)
      await world.house.delayedChanges.applyDue()
      expect((await list()).some((one) => one.kind === kind)).toBe(false)
    },
  )

  test('a contact is changed after 72 hours', async () => {
    const browser = await rescued('/account/contacts/email')
    expect(browser.page.html).toMatch(saying('contacts.weak'))
    await browser.submit({}, '/remove')
    expect([await waiting(), (await world.house.accounts.read(citizen.oid)).email]).toEqual([
      ['contact.change'],
      citizen.email,
    ])
  })

  test.each(['/security/add/totp', '/security/add/recovery_code', '/security/password'])(
    '%s asks for something else, and takes no recovery code',
    async (path) => {
      const browser = await rescued(path)
      expect(world.view).toBe('factors/totp/code')
      await forge(browser, `${new URL(browser.page.url).pathname}/factor/recovery_code`, { code: codes[0]! })
      expect(world.view).toBe('factors/totp/code')
    },
  )

  test('an app removes it at once', async () => {
    const browser = await rescued('/account')
    world.travel(60)
    await browser.open(`/security/totp/${app}/remove`)
    await browser.submit({ code: appCode(secret) }, '/factor/totp')
    await browser.submit({}, '/remove')
    expect(browser.page.html).toMatch(saying('security.done_removed'))
  })
})
