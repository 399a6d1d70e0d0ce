import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { maskEmail } from '#src/accounts/fields/email.ts'
import { formatPhone, maskPhone } from '#src/accounts/fields/phone.ts'
import { addRecoveryCodes, enterCabinet, forge, shownCodes } from '../../authenticators.ts'
import type { Browser } from '../../browser-http.ts'
import type { ActingParty } from '../../relying-party.ts'
import { saying } from '../../saying.ts'
import { enter } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
let cabinet: Browser
let codes: string[]
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
  cabinet = world.browser()
  codes = await addRecoveryCodes(world, citizen, cabinet)
})

const ADD = '/security/add/recovery_code'

/** A browser that has given the password and is asked for a recovery code. */
async function atCode(browser = world.browser()): Promise<Browser> {
  await enter(browser, party, citizen, { acr_values: 'aal2' })
  await browser.open(`${browser.page.url}?with=recovery_code`)
  expect(world.view).toBe('factors/recovery-codes/code')
  return browser
}

const answer = (browser: Browser, code: string) => browser.submit({ code }, '/factor/recovery_code')
const isPast = (browser: Browser) => browser.page.html.includes('/consent')
const left = async () =>
  (await world.house.authenticators.list(citizen.oid)).find(({ kind }) => kind === 'recovery_code')?.left

test('the paper says of which service and account they are and from when, and shows no contact', () => {
  const { html } = cabinet.page
  const today = new Intl.DateTimeFormat('ru', { dateStyle: 'long', timeZone: 'Europe/Moscow' }).format(new Date())
  const hints = [maskPhone(citizen.phone), maskEmail(citizen.email)]
  for (const label of [`Пропуск, ${new URL(world.origin).host}`, [citizen.oid, ...hints].join(', '), today])
    expect(html).toContain(label)
  for (const contact of [citizen.phone, formatPhone(citizen.phone), citizen.email]) expect(html).not.toContain(contact)
})

describe('a code does not pass', () => {
  test('that is none, or not of this account', async () => {
    const browser = await atCode()
    await answer(browser, '123456')
    expect(browser.page.errors).toEqual([expect.stringMatching(saying('recovery_code.missing'))])
    const other = await addRecoveryCodes(world, await world.citizen(), world.browser())
    await answer(browser, other[0]!)
    expect(browser.page.errors).toEqual([expect.stringMatching(saying('recovery_code.wrong'))])
    expect(await left()).toBe(10)
  })

  test('twice', async () => {
    const first = await atCode()
    await answer(first, codes[0]!)
    expect(isPast(first)).toBe(true)
    const second = await atCode()
    await answer(second, codes[0]!)
    expect(second.page.errors).toEqual([expect.stringMatching(saying('recovery_code.wrong'))])
    expect(await left()).toBe(9)
  })

  test('of a set that was renewed', async () => {
    const renewed = await addRecoveryCodes(world, citizen, cabinet)
    expect(renewed.filter((code) => codes.includes(code))).toEqual([])
    const browser = await atCode()
    await answer(browser, codes[0]!)
    expect(isPast(browser)).toBe(false)
    await answer(browser, renewed[0]!)
    expect(isPast(browser)).toBe(true)
  })
})

describe('codes are not made', () => {
  test('a second time by sending the form again: they are shown once', async () => {
    await cabinet.open(ADD)
    const { action, hidden } = cabinet.form(ADD)
    const body = new URLSearchParams(hidden).toString()
    await cabinet.post(action, body)
    const made = shownCodes(cabinet)
    await cabinet.post(action, body)
    expect([cabinet.page.status, shownCodes(cabinet)]).toEqual([409, []])
    expect(cabinet.page.html).toMatch(saying('recovery_code.renewed'))
    const browser = await atCode()
    await answer(browser, made[0]!)
    expect(isPast(browser)).toBe(true)
  })

  test('by a form of another session', async () => {
    await cabinet.open(ADD)
    const { challenge = '' } = cabinet.form(ADD).hidden
    world.travel(61)
    const other = await enterCabinet(world, citizen, '/security/password')
    await forge(other, ADD, { challenge })
    expect([other.page.status, shownCodes(other)]).toEqual([409, []])
    await forge(other, ADD)
    expect([other.page.status, shownCodes(other)]).toEqual([409, []])
  })
})

test('ten codes are shown once, to be printed, and never again', async () => {
  expect(new Set(codes).size).toBe(10)
  await cabinet.open(ADD)
  expect(cabinet.page.html).not.toContain(codes[0]!)
  expect(cabinet.page.html).toMatch(saying('recovery_code.enrol_replace'))
  const { rows } = await world.house.store.script('select * from recovery_codes')
  expect(JSON.stringify(rows)).not.toContain(codes[0]!.replaceAll('-', ''))
})

test('a code in any spelling makes aal2 with the password', async () => {
  const browser = await atCode()
  await answer(browser, codes[3]!.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o'))
  await browser.submit({ decision: 'allow' }, '/consent')
  const { body } = await party.redeem(browser.callback.get('code')!)
  expect(await party.claims(body.id_token)).toMatchObject({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] })
})

test('a code is offered last, and does not open a sign-in by itself', async () => {
  const browser = world.browser()
  await enter(browser, party, citizen, { acr_values: 'aal2' })
  expect(world.view).toBe('login/code')
  expect(browser.page.html).toContain('?with=recovery_code')
  const fresh = world.browser()
  await fresh.open(party.authorizationUrl())
  await fresh.open(`${fresh.page.url}?with=recovery_code`)
  expect(world.view).toBe('login/password')
})

test('the owner hears of each use, and is asked for new ones when three are left', async () => {
  const texts = []
  for (let used = 0; used < 7; used++) {
    const before = world.sentTo(citizen.email)
    await answer(await atCode(), codes[used]!)
    texts.push((await world.message(citizen.email, before)).subject)
  }
  expect(texts).toEqual([...Array(6).fill('Использован запасной код'), 'Запасные коды заканчиваются'])
  expect(await left()).toBe(3)
})

test('a set without codes is offered to nobody', async () => {
  await world.house.store.db
    .updateTable('recovery_codes')
    .set({ spent_at: new Date() })
    .where('oid', '=', citizen.oid)
    .execute()
  const browser = world.browser()
  await enter(browser, party, citizen, { acr_values: 'aal2' })
  expect(browser.page.html).not.toContain('recovery_code')
})
