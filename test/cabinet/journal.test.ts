import { beforeEach, describe, expect, test } from 'vitest'
import { allTexts } from '#src/all-texts.ts'
import { eventGroups } from '#src/cabinet/journal-words.ts'
import { locales } from '#src/kernel/locale.ts'
import { authenticatorAdded, loginSucceeded } from '#src/login/events.ts'
import { declaredEvents } from '../../docs/generate.ts'
import type { Browser } from '../browser-http.ts'
import { saying } from '../saying.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { inCabinet } from './cabinet.ts'

const HERE = '/security/journal'
const world = worldOfFile()
let citizen: Citizen
let browser: Browser
beforeEach(async () => {
  citizen = await world.citizen()
  browser = await inCabinet(world, citizen, HERE)
})

const signIn = (fields: Partial<Parameters<typeof loginSucceeded>[0]> = {}) =>
  world.house.journal.note(
    loginSucceeded({
      account: citizen.oid,
      client: 'rp1',
      acr: 'aal1',
      amr: 'pwd',
      origin: 'x'.repeat(43),
      address: '203.0.113.9',
      device: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
      ...fields,
    }),
  )
const seqs = () => [...browser.page.html.matchAll(/journal\/(\d+)\/not-me/g)].map(([, seq]) => Number(seq))

test('every event that an account can have has a group and words in both languages', async () => {
  const types = (await declaredEvents()).filter(({ declared }) => declared.account === 'oid').map(({ type }) => type)
  expect(Object.keys(eventGroups).sort()).toEqual(types.sort())
  const missing: unknown[] = []
  const texts = allTexts({ error: (fault: unknown) => void missing.push(fault) } as never)
  for (const locale of locales) for (const type of types) texts.translator(locale)(`journal.${type}`)
  expect(missing).toEqual([])
})

describe('refused', () => {
  test('without a sign-in', async () => {
    await world.browser().open(HERE)
    expect(world.view).toBe('login/password')
  })

  test('events of another account: not listed, and their numbers lead nowhere', async () => {
    await signIn({ device: 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0', address: '198.51.100.77' })
    const [event] = await world.journal(citizen.oid)
    const stranger = await inCabinet(world, await world.citizen(), HERE)
    expect(stranger.page.html).not.toContain('198.51.100.77')
    await stranger.open(`${HERE}?before=${Number(event!.seq) + 1}`)
    expect(stranger.page.html).not.toContain('198.51.100.77')
    await stranger.open(`${HERE}/${event!.seq}/not-me`)
    expect(stranger.page.status).toBe(404)
    await browser.open(`${HERE}/${event!.seq}/not-me`)
    expect(world.view).toBe('cabinet/journal-not-me')
  })

  test.each(['0', '-1', '1e3', '%00', "1'or'1", '9'.repeat(30), 'x'.repeat(3000)])('the number %s', async (seq) => {
    await browser.open(`${HERE}/${seq}/not-me`)
    expect([400, 404, 414]).toContain(browser.page.status)
    await browser.open(`${HERE}?before=${seq}&what=${seq}`)
    expect([200, 400, 414]).toContain(browser.page.status)
  })

  test('an event that is older than 30 days, and one that tells of no sign-in', async () => {
    await signIn({ origin: '' })
    const [event] = await world.journal(citizen.oid)
    await browser.open(`${HERE}/${event!.seq}/not-me`)
    expect(browser.page.status).toBe(404)
  })

  test('what a browser calls itself is text', async () => {
    await signIn({ device: '<script>alert(1)</script> Firefox/140.0 "onload="', address: '<b>1</b>' })
    await browser.open(HERE)
    expect(browser.page.html).not.toMatch(/<script>alert|<b>1/)
  })
})

test('a sign-in is shown with day, time, device, place, service and method', async () => {
  await signIn({ amr: 'pwd otp sms mfa', client: (await world.relyingParty()).registration.client_id })
  await browser.open(HERE)
  const { html } = browser.page
  expect(html).toContain('Firefox, Windows')
  expect(html).toContain('203.0.113.9')
  expect(html).toContain('Соцвыплаты онлайн, пароль, код из СМС')
  expect(html).toMatch(/<h2 class="govuk-heading-m">\d+ \S+ \d{4} г\.<\/h2>/)
  expect(html).toMatch(saying('journal.own_pages'))
})

test('ways to sign in are named there as within a sentence, like everything else', async () => {
  const place = { origin: '', address: '', device: '' }
  await world.house.journal.note(
    authenticatorAdded({ account: citizen.oid, kind: 'totp', authenticator: '1', ...place }),
  )
  await browser.open(HERE)
  expect(browser.page.html).toContain('>приложение с кодами<')
})

test('groups are shown alone, and what is older comes on the next page', async () => {
  for (let count = 0; count < 60; count++) await signIn()
  await browser.open(`${HERE}?what=sign_in`)
  expect(browser.page.html).not.toMatch(saying('journal.account.registered'))
  expect(seqs()).toHaveLength(50)
  const last = seqs().at(-1)!
  const next = /href="([^"]*before=\d+)"/.exec(browser.page.html)![1]!.replaceAll('&amp;', '&')
  await browser.open(next)
  expect(seqs()).toHaveLength(10)
  expect(Math.max(...seqs())).toBeLessThan(last)
  await browser.open(`${HERE}?what=consent`)
  expect(browser.page.html).toMatch(saying('journal.none'))
})

test('sign-ins over time are drawn, and stand in a table beside it', async () => {
  await signIn()
  await browser.open(HERE)
  expect(browser.page.html).toMatch(/<svg class="app-plot" role="img" aria-label="Входы по дням[^"]*всего 2,/)
  expect(browser.page.html).toMatch(saying('journal.plot_table'))
})
