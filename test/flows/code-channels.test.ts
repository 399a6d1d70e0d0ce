import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type AccountSettings, makeSettings } from '#src/accounts/settings.ts'
import { systemClock } from '#src/kernel/clock.ts'
import type { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { SOME, saying } from '../saying.ts'
import { enter } from '../signing-in.ts'
import { type Citizen, startWorld, type World } from '../world.ts'

let world: World
let strong: ActingParty
let weak: ActingParty
let citizen: Citizen
beforeAll(async () => {
  world = await startWorld()
  strong = await world.relyingParty({ minimum_acr: 'aal2' })
  weak = await world.relyingParty()
})
beforeEach(async () => {
  world.travel(61)
  citizen = await world.citizen()
})
afterAll(() => world.stop())

const choose = (chosen: Partial<AccountSettings>, { oid }: Citizen = citizen, { house }: World = world) =>
  house.store.tx((tx) => makeSettings({ store: house.store, clock: systemClock }).change(tx, oid, chosen))
const sentBy = (channel: string, to: string) =>
  world.sent.filter((message) => message.channel === channel && message.recipient === to)
/** The digits of a code, however far apart they stand. */
const digitsOf = (text: string) => /\b\d(?:(?:, )?\d){5}\b/.exec(text)?.[0].replace(/\D/g, '')

async function atCode(party = strong, person = citizen): Promise<Browser> {
  const browser = world.browser()
  await enter(browser, party, person)
  expect(world.view).toBe('login/code')
  return browser
}

/** Enters the newest code that went by a channel; waits for it. */
async function answer(browser: Browser, channel: string, to: string): Promise<void> {
  const code = await vi.waitFor(() => {
    const found = sentBy(channel, to)
      .map(({ text }) => digitsOf(text))
      .find(Boolean)
    if (found === undefined) throw new Error(`no code by ${channel}`)
    return found
  }, 10_000)
  await browser.submit({ code }, '/factor/code')
}

async function claimsOf(browser: Browser, party: ActingParty) {
  if (world.view === 'login/consent') await browser.submit({ decision: 'allow' }, '/consent')
  const { body } = await party.redeem(browser.callback.get('code')!)
  return party.claims(body.id_token!)
}

describe('a code to the mailbox', () => {
  test('is not offered where more than one factor is wanted, and is not sent by a forged form', async () => {
    const browser = await atCode()
    expect(browser.page.html).not.toContain('/factor/code/mail')
    world.travel(61)
    const { action, hidden } = browser.form('/factor/code')
    await browser.post(`${action}/mail`, new URLSearchParams(hidden).toString())
    await browser.open(`${browser.page.url.split('/factor')[0]}?via=mail`)
    expect(sentBy('mail', citizen.email).filter(({ text }) => /\b\d{6}\b/.test(text))).toEqual([])
  })

  test('makes a second factor of the owner’s wish, and no more than aal1', async () => {
    await choose({ secondFactor: true, codeChannel: 'mail' })
    const browser = await atCode(weak)
    expect(browser.page.html).toMatch(saying('code.sent.mail'))
    expect(browser.page.html).not.toContain(citizen.email)
    await answer(browser, 'mail', citizen.email)
    expect(await claimsOf(browser, weak)).toMatchObject({ acr: 'aal1', amr: ['pwd', 'otp'] })
    const session = await browser.open(strong.authorizationUrl())
    expect(session.html).toMatch(saying('code.title.sms'))
  })

  test('is what an account without a phone has', async () => {
    const { oid, phone } = citizen
    await world.house.store.tx((tx) => world.house.accounts.release(tx, oid, 'phone', phone))
    await choose({ secondFactor: true })
    const person = { ...citizen, phone: citizen.email }
    const browser = await atCode(weak, person)
    await answer(browser, 'mail', citizen.email)
    expect(await claimsOf(browser, weak)).toMatchObject({ acr: 'aal1' })
    const other = world.browser()
    await enter(other, strong, person)
    expect(world.view).not.toBe('login/code')
  })

  test('proves no phone: it does not keep a number that its new holder asks for', async () => {
    await choose({ secondFactor: true, codeChannel: 'mail' })
    const asked = await world.house.detachments.request(citizen.phone, 'ru')
    expect(asked).toMatchObject({ ok: true })
    world.travel(61)
    const browser = await atCode(weak)
    await answer(browser, 'mail', citizen.email)
    world.travel(72 * 3600)
    await world.house.detachments.detachDue()
    expect(await world.house.accounts.ownerOf('phone', citizen.phone)).toBeUndefined()
  })
})

describe('a call', () => {
  test('says the code twice, digit by digit, and is worth as much as an SMS', async () => {
    const browser = await atCode()
    await world.code(citizen.phone)
    world.travel(61)
    await browser.submit({}, '/factor/code/voice')
    expect(browser.page.title).toMatch(saying('code.title.voice'))
    await answer(browser, 'voice', citizen.phone)
    expect(sentBy('voice', citizen.phone)[0]!.text.match(/\d(, \d){5}/g)).toHaveLength(2)
    expect(await claimsOf(browser, strong)).toMatchObject({ acr: 'aal2', amr: ['pwd', 'otp', 'tel', 'mfa'] })
  })

  test('to a phone that got an SMS has to wait as the next SMS has', async () => {
    const browser = await atCode()
    await browser.submit({}, '/factor/code/voice')
    expect(browser.page.errors[0]).toMatch(saying('code.too_soon', { seconds: SOME }))
    expect(browser.page.title).toMatch(saying('code.title.sms'))
    expect(sentBy('voice', citizen.phone)).toEqual([])
  })

  test('comes first for whoever prefers it, and the page can be asked for another way', async () => {
    await choose({ codeChannel: 'voice' })
    const browser = await atCode()
    expect(browser.page.title).toMatch(saying('code.title.voice'))
    world.travel(61)
    await browser.submit({}, '/factor/code/sms')
    expect(browser.page.title).toMatch(saying('code.title.sms'))
    await answer(browser, 'sms', citizen.phone)
    expect(await claimsOf(browser, strong)).toMatchObject({ amr: ['pwd', 'otp', 'sms', 'mfa'] })
  })

  test('is not offered by an installation that cannot call, whatever the owner chose', async () => {
    const channel = { send: async () => {} }
    const silent = await startWorld({ replacements: { channels: { sms: channel, mail: channel } } })
    try {
      const person = await silent.citizen()
      await choose({ codeChannel: 'voice' }, person, silent)
      const browser = silent.browser()
      await enter(browser, await silent.relyingParty({ minimum_acr: 'aal2' }), person)
      expect(browser.page.title).toMatch(saying('code.title.sms'))
      expect(browser.page.html).not.toContain('/factor/code/voice')
      expect((await silent.house.authenticators.list(person.oid)).map(({ id }) => id)).not.toContain('voice')
    } finally {
      await silent.stop()
    }
  })
})

describe('the owner’s choice', () => {
  async function atChoice(): Promise<Browser> {
    const browser = world.browser()
    await browser.open('/security/codes')
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    expect(world.view).toBe('cabinet/codes')
    return browser
  }
  const chosen = async () => {
    const row = await world.house.store.db
      .selectFrom('account_settings')
      .select('chosen')
      .where('oid', '=', citizen.oid)
      .executeTakeFirst()
    return row && JSON.parse(row.chosen).codeChannel
  }

  test.each([{}, { channel: 'pigeon' }, { channel: '' }])('%j is none', async (fields) => {
    const browser = await atChoice()
    await browser.submit(fields as Record<string, string>, '/codes')
    expect(browser.page.status).toBe(422)
    expect(await chosen()).toBeUndefined()
  })

  test('is kept and journalled, and only contacts of the account are there to choose', async () => {
    const browser = await atChoice()
    await browser.submit({ channel: 'voice' }, '/codes')
    expect(browser.page.html).toMatch(saying('contacts.codes_done'))
    expect(await chosen()).toBe('voice')
    expect((await world.journal(citizen.oid))[0]).toMatchObject({
      type: 'settings.changed',
      fields: { names: 'codeChannel' },
    })
    citizen = await world.citizen({ email: null })
    const other = await atChoice()
    expect(other.page.html).not.toContain('value="mail"')
    await other.submit({ channel: 'mail' }, '/codes')
    expect(other.page.status).toBe(422)
  })
})
